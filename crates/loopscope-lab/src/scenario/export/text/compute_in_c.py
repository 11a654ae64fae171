def measure(rounds=1_000_000):
    began = time.thread_time()
    sum(range(rounds))
    return rounds / (time.thread_time() - began)


RATE = max(measure() for _ in range(5))


def compute_in_c(seconds):
    """Keeps this thread busy for so much CPU time, and no other one computes meanwhile."""
    sum(range(int(seconds * RATE)))
