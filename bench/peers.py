"""The same model for PyMC and nutpie, and for PyStan: CPU seconds to 1,000 effective draws of beta."""

import time

import numpy as np
from tests.inference.diaries import reference

from mollet.inference import fit

STAN = """
data { int n; int p; array[n] int y; vector[n - 1] gap; matrix[n, p] x; vector[p] m; vector[p] sd; }
parameters { vector[p] theta; vector[n] e; real<lower=0> s; real z; real<lower=0> kappa; }
transformed parameters {
  vector[n] v; real rho = tanh(0.5 + 0.5 * z);
  v[1] = e[1];
  for (i in 2:n) { real r = pow(rho, gap[i - 1]); v[i] = r * v[i - 1] + sqrt(1 - r * r) * e[i]; }
}
model {
  theta ~ normal(m, sd); e ~ std_normal(); z ~ std_normal(); s ~ exponential(3); kappa ~ exponential(3);
  y ~ neg_binomial_2_log(x * theta + s * v, 1 / square(kappa + 1e-5));
}
"""


def main() -> None:
    """Print a table of peers."""
    diary, _ = reference("d2_T90_tan")
    ours = fit(*diary.arguments())
    print("| engine | CPU s to 1,000 effective | CPU s of compiling | mean | sd |\n| --- | --- | --- | --- | --- |")
    begun = time.process_time()
    fit(*diary.arguments()).prob_below(-1, 0.0)
    print(f"| mollet | {time.process_time() - begun:.4f} (exact) | 0 | {ours.mean(-1):.3f} | {ours.sd(-1):.3f} |")
    for run in (by_nutpie, by_pystan):
        try:
            compiled, sampled, draws = run(diary)
        except Exception as error:  # whatever keeps a peer from running is told, and the others run
            print(f"| {run.__name__[3:]} | did not run: {type(error).__name__} {str(error)[:80]} | | | |")
            continue
        spent = sampled * 1000 / effective(draws)
        print(f"| {run.__name__[3:]} | {spent:.2f} | {compiled:.1f} | {draws.mean():.3f} | {draws.std():.3f} |")
    print()


def by_pystan(diary):
    """Sample with PyStan."""
    import stan

    priors = diary.priors.coefficients
    data = {
        "n": len(diary.counts), "p": len(priors), "y": diary.counts.tolist(), "gap": diary.gaps.tolist(),
        "x": diary.design.tolist(), "m": [one.mean for one in priors], "sd": [one.sd for one in priors],
    }  # fmt: skip
    begun = spent()
    model = stan.build(STAN, data=data, random_seed=1)
    compiled = spent() - begun
    begun = spent()
    draws = model.sample(num_chains=2, num_samples=2000)["theta"][-1]
    return compiled, spent() - begun, draws.reshape(-1, 2).T


def by_nutpie(diary):
    """Sample with nutpie, from PyMC's way to write the model."""
    import nutpie
    import pymc as pm
    import pytensor.tensor as pt

    priors = diary.priors.coefficients
    days = np.concatenate([[0], np.cumsum(diary.gaps)])
    lags = np.maximum(np.arange(days[-1] + 1)[:, None] - np.arange(days[-1] + 1), 0)
    lower = np.tri(int(days[-1]) + 1)
    with pm.Model() as model:
        theta = pm.Normal("theta", [one.mean for one in priors], [one.sd for one in priors], shape=len(priors))
        s, kappa, z = pm.Exponential("s", 3), pm.Exponential("kappa", 3), pm.Normal("z")
        rho = pt.tanh(0.5 + 0.5 * z)
        e = pm.Normal("e", shape=int(days[-1]) + 1)
        fresh = pt.concatenate([e[:1], pt.sqrt(1 - rho**2) * e[1:]])
        v = pt.dot(lower * rho**lags, fresh)
        eta = pt.dot(diary.design, theta) + s * v[days]
        pm.NegativeBinomial("y", mu=pt.exp(eta), alpha=1 / (kappa + 1e-5) ** 2, observed=diary.counts)
    begun = spent()
    compiled_model = nutpie.compile_pymc_model(model)
    compiled = spent() - begun
    begun = spent()
    trace = nutpie.sample(compiled_model, draws=2000, chains=2, cores=1, seed=1, progress_bar=False)
    return compiled, spent() - begun, np.asarray(trace.posterior["theta"])[:, :, -1]


def spent():
    """CPU seconds of this process and its finished children."""
    import os

    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def effective(draws: np.ndarray) -> float:
    """Return the effective number of draws of shape (n_chains, n), by Geyer's initial positive sequence."""
    chains, n = draws.shape
    centred = draws - draws.mean()
    padded = np.fft.rfft(centred, 2 * n, axis=1)
    covariance = np.fft.irfft(padded * padded.conj(), axis=1)[:, :n].mean(axis=0) / n
    rho = covariance / covariance[0]
    pairs = rho[0 : n - 1 : 2] + rho[1:n:2]
    stop = int(np.argmax(pairs < 0)) if (pairs < 0).any() else len(pairs)
    return chains * n / max(2 * pairs[:stop].sum() - 1, 1e-9)
