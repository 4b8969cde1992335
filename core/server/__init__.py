"""What a server looks at before its first visitor comes."""
