"""What rests on Streamlit's own ways: its event loop, its sessions, its document."""
