"""Jobs: runs on Dask workers, on this computer or on a cluster."""
