FILES = os.environ.setdefault("FILES", tempfile.mkdtemp())


class Stored:
    def __init__(self, name, initial):
        self.path = os.path.join(FILES, name)
        self.save(initial)

    def load(self):
        with open(self.path) as file:
            return int(file.read())

    def save(self, number):
        # Whole, so that nobody reads half of it.
        new = f"{self.path}.{os.getpid()}"
        with open(new, "w") as file:
            file.write(str(number))
        os.replace(new, self.path)
