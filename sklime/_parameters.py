"""Fill and guard the nested parameters of an estimator's parts."""
# SPDX-License-Identifier: BSD-3-Clause

from sklearn.utils import check_random_state

MAX_SEED = 2**31 - 1


def fill_random_states(part, random_state):
    """Give every `random_state` of a part that is None an integer of its own.

    Parameters
    ----------
    part : object
        A clone that belongs to the caller, changed in place, at any depth. Without
        `get_params` it is left alone.
    random_state : int, RandomState instance or None
        Where the integers are drawn from.

    Returns
    -------
    object
        `part` itself.
    """
    rng = check_random_state(random_state)
    params = part.get_params(deep=True) if hasattr(part, "get_params") else {}
    missing = [
        key
        for key in sorted(params)
        if key.rpartition("__")[2] == "random_state" and params[key] is None
    ]
    seeds = {key: rng.randint(MAX_SEED) for key in missing}
    return part.set_params(**seeds) if seeds else part


def check_nested_parameters(owner, params, parts):
    """Refuse nested parameters of parts that have none, and say what to pass.

    Parameters
    ----------
    owner : estimator
        Whose parameters are set; plain ones must be set already.
    params : iterable of str
        Names as given to `set_params`, nested ones like ``"sampler__p"``.
    parts : dict of str to str
        For each nestable parameter an object that would have parameters, as
        code: ``{"sampler": "BernoulliSampler()"}``.

    Raises
    ------
    ValueError
        If a nested name points into None, a name or another plain value.
    """
    for key in params:
        name, nested, inner = key.partition("__")
        value = getattr(owner, name, None)
        if nested and name in parts and not hasattr(value, "get_params"):
            raise ValueError(
                f"The parameter {key!r} of {type(owner).__name__} cannot be set: "
                f"{name}={value!r} has no parameters of its own. Pass an object "
                f"that has {inner!r}, such as {name}={parts[name]}."
            )
