"""JAX as a peer: a step that is compiled as a whole."""
import functools
import sys

import jax
import jax.numpy as jnp

import serving

MOMENTUM, RATE = 0.9, 1e-3
ACTIVATIONS = {
    "relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "silu": jax.nn.silu, "mish": jax.nn.mish,
    # By the error function, as the others have it.
    "gelu": functools.partial(jax.nn.gelu, approximate=False),
}


def momentum(theta, delta, gradient, _):
    delta = jax.tree.map(lambda d, g: MOMENTUM * d - RATE * g, delta, gradient)
    return jax.tree.map(jnp.add, theta, delta), delta


def adam(theta, state, gradient, number):
    first, second = state
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
    a, b = 1 - 0.9**number, 1 - 0.999**number
    theta = jax.tree.map(lambda t, m, v: t - RATE * (m / a) / (jnp.sqrt(v / b) + 1e-8), theta, first, second)
    return theta, (first, second)


def step(spec, scans=False):
    """A call of the compiled function is one step; or up to a hundred by `lax.scan`, fewer where steps are long."""
    steps_per_call = max(5, min(100, int(1e9 / serving.flops(spec)))) if scans else 1
    layers, batch = spec["layers"], spec["batch"]
    activation = ACTIVATIONS[spec.get("activation", "relu")]
    keys = iter(jax.random.split(jax.random.PRNGKey(0), len(layers) + 2))
    theta = [(0.05 * jax.random.normal(next(keys), shape), jnp.zeros(shape[1])) for shape in zip(layers, layers[1:])]
    zeros = functools.partial(jax.tree.map, jnp.zeros_like)
    update, state = (adam, (zeros(theta), zeros(theta))) if spec.get("optimizer") == "adam" else (momentum, zeros(theta))
    x = jax.random.normal(next(keys), (batch, layers[0]))
    classes = jax.random.randint(next(keys), (batch,), 0, layers[-1])
    carry = (theta, state, jnp.zeros(()))

    def loss(theta, x, classes):
        h = x
        for weights, bias in theta[:-1]:
            h = activation(h @ weights + bias)
        logits = h @ theta[-1][0] + theta[-1][1]
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), classes[:, None], axis=1).mean()

    # The batch is an argument: constants would be folded into the program.
    @functools.partial(jax.jit, donate_argnums=0)
    def call(carry, x, classes):
        def one(carry, _):
            theta, state, number = carry
            value, gradient = jax.value_and_grad(loss)(theta, x, classes)
            return (*update(theta, state, gradient, number + 1), number + 1), value

        return one(carry, None) if not scans else jax.lax.scan(one, carry, length=steps_per_call)

    def run(count):
        nonlocal carry
        calls = -(-count // steps_per_call)
        for _ in range(calls):
            carry, value = call(carry, x, classes)
        value.block_until_ready()
        return calls * steps_per_call

    return serving.Work(run)


if __name__ == "__main__":
    serving.serve(step=lambda spec: step(spec, scans="--scan" in sys.argv))
