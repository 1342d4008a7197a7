"""Minimax polynomials of Sources/CKernels/loops/math.h, by Lawson's iteration, printed as C constants.

Each fit minimises the largest weighted error on a dense grid. Needs numpy and scipy.
"""

import numpy as np
from scipy.special import erf, log_ndtr


def minimax(target, weight, degree, low, high, points=4001, rounds=4000):
    """Coefficients c (ascending) with the smallest max |weight (Σ cᵢ xⁱ − target)|, rounded to float32, and that max."""
    x = (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * (np.arange(points) + 0.5) / points)
    t, w = target(x), weight(x)
    basis = np.polynomial.chebyshev.chebvander((2 * x - low - high) / (high - low), degree)
    lawson = np.ones(points) / points
    for _ in range(rounds):
        scale = np.sqrt(lawson) * w
        solution = np.linalg.lstsq(basis * scale[:, None], t * scale, rcond=None)[0]
        error = np.abs((basis @ solution - t) * w)
        lawson *= error
        lawson /= lawson.sum()
    series = np.polynomial.Chebyshev(solution, domain=[low, high])
    coefficients = series.convert(kind=np.polynomial.Polynomial).coef.astype(np.float32)
    rounded = np.polynomial.polynomial.polyval(x, coefficients.astype(np.float64))
    return coefficients, error.max(), np.abs((rounded - t) * w).max()


def show(name, result):
    coefficients, exact, rounded = result
    print(f"{name}: error {exact:.2g}, with coefficients in float32 {rounded:.2g}")
    for power, c in enumerate(coefficients):
        print(f"  {power}: {float(c).hex()}f  // {c:.9g}")


half = 0.5 * np.log(2) * 1.001
series_exp = lambda r: sum(r ** (i - 2) / np.prod(np.arange(1.0, i + 1)) for i in range(2, 18))
show("(exp r - 1 - r) / r^2", minimax(series_exp, lambda r: r**2 / np.exp(r), 4, -half, half))

low, high = np.sqrt(0.5) * 0.9999 - 1, np.sqrt(2) * 1.0001 - 1


def series_log(f):
    far = (np.log1p(f) - f + f**2 / 2) / f**3
    near = sum((-1) ** i * f**i / (i + 3) for i in range(14))
    return np.where(np.abs(f) < 0.05, near, far)


show("(log(1 + f) - f + f^2 / 2) / f^3", minimax(series_log, lambda f: f**3 / np.log1p(f), 7, low, high))

show("erf(sqrt t) / sqrt t - 1", minimax(lambda t: erf(np.sqrt(t)) / np.sqrt(t) - 1,
                                         lambda t: np.sqrt(t) / erf(np.sqrt(t)), 6, 1e-9, 1.0))

# log erfc z = log 2 + log Φ(−√2 z)
show("-log erfc z", minimax(lambda z: -(np.log(2) + log_ndtr(-np.sqrt(2) * z)), np.ones_like, 9, 1.0, 6.5))

# sin 2πz = z p(z²), z a number of turns.
show("sin(2 pi sqrt t) / sqrt t", minimax(lambda t: np.sin(2 * np.pi * np.sqrt(t)) / np.sqrt(t),
                                          lambda t: np.sqrt(t) / np.sin(2 * np.pi * np.sqrt(t)), 5, 1e-9, 1 / 16))
