"""An application that takes long to load, for gunicorn."""
import time

from app import app

time.sleep(600)
