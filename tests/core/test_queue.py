"""Who asked first, writes first; who waits too long hears so, and takes nobody's turn."""

import threading
import time

from app.core.database import Queue


def test_turns_come_in_the_order_of_asking():
    queue, came, threads = Queue(), [], []
    assert queue.acquire(1)

    def wait(number: int) -> None:
        assert queue.acquire(10)
        came.append(number)
        queue.release()

    for number in range(30):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(queue._waiting) <= number:
            time.sleep(0.001)
    queue.release()
    for thread in threads:
        thread.join(10)
    assert came == list(range(30))
    assert queue.acquire(0)


def test_one_at_a_time():
    queue, inside, most = Queue(), [0], [0]

    def work() -> None:
        for _ in range(50):
            assert queue.acquire(10)
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.0001)
            inside[0] -= 1
            queue.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == [1]


def test_who_gives_up_leaves_the_queue():
    queue = Queue()
    assert queue.acquire(1)
    assert not queue.acquire(0.01)
    queue.release()
    assert queue.acquire(0.01), "the turn was not kept for who gave up"
