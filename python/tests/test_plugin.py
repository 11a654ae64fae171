"""The pytest plugin fails the test that held its loop, and only that one."""
import os
import subprocess
import sys
import unittest

from program import Program, has


@unittest.skipUnless(has("pytest"), "pytest is not installed")
class Plugin(unittest.TestCase):
    def test_the_test_that_blocked_fails(self):
        with Program("", test_it="""
            import asyncio, time
            async def blocks():
                await asyncio.sleep(0)
                time.sleep(0.3)
            def test_blocks(): asyncio.run(blocks())
            def test_waits(): asyncio.run(asyncio.sleep(0.2))
            def test_has_no_loop(): time.sleep(0.2)
            """) as program:
            def run(*more):
                return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more], cwd=program.folder,
                                      stdout=-1, env=program.environment(False, PYTHONPATH=os.path.dirname(os.path.dirname(
                                          os.path.abspath(__file__))), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")).stdout.decode()
            self.assertIn("3 passed", run())
            found = run("-p", "loopscope.pytest_plugin", "--loopscope-max-block=100ms")
            self.assertIn("1 failed, 2 passed", found)
            self.assertIn("test_it.py:5 in blocks: the event loop was held for 30", found)


if __name__ == "__main__":
    unittest.main()
