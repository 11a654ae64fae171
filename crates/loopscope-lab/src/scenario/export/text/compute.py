def compute(seconds):
    """Keeps this thread busy until it has used so much CPU time."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        sum(range(500))
