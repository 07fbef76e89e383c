import pytest

from tests.conftest import World
from tests.plan import meerwijk


@pytest.fixture
def told(world: World) -> World:
    """Meerwijk after the conclusions, before anybody opened the plan."""
    meerwijk.tell(world)
    return world
