"""Ways to change one method of moto and keep the rest."""

import functools


def around(owner, name):
    """Decorates `f(original, *args, **kwargs)`, which then stands in for the method."""

    def install(wrapper):
        original = getattr(owner, name)

        @functools.wraps(original)
        def patched(*args, **kwargs):
            return wrapper(original, *args, **kwargs)

        setattr(owner, name, patched)
        return wrapper

    return install


def action(owner):
    """Decorates a response method that moto has not got; its name is the action's in snake case."""

    def install(method):
        setattr(owner, method.__name__, method)
        return method

    return install
