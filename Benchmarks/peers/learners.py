"""Learners for tables with their untuned defaults, on one thread.

Each is a function of the task, the names of the columns with categories, the training rows and the rows to judge; it
returns what it predicts for these (probabilities with a column a class, in the order of the sorted classes, or numbers)
and the seconds that fitting took, those that passed and those of the processor. What can't be fitted to cells that
are empty or to texts gets them filled in and one-hot; what can gets them as they are.
"""
import importlib.metadata
import logging
import time
import warnings

import numpy
import pandas

SEED = 0
PACKAGES = {
    "linear": ["scikit-learn"], "mlp": ["scikit-learn"], "histgb": ["scikit-learn"], "lightgbm": ["lightgbm"],
    "xgboost": ["xgboost"], "catboost": ["catboost"], "realmlp": ["pytabkit", "torch"],
}


def versions(learner):
    return {package: importlib.metadata.version(package) for package in PACKAGES[learner]}


def timed(fit):
    """Runs it, and returns the seconds that passed and those of the processor."""
    warnings.filterwarnings("ignore")
    wall, processor = time.perf_counter(), time.process_time()
    fit()
    return {"seconds": time.perf_counter() - wall, "processorSeconds": time.process_time() - processor}


def answers(model, task, x):
    """Numbers, or probabilities."""
    return numpy.ravel(model.predict(x)) if task == "regression" else model.predict_proba(x)


def filled():
    """Empty numbers get their column's mean, and the column another beside it that says which they were."""
    from sklearn.impute import SimpleImputer

    return SimpleImputer(add_indicator=True, keep_empty_features=True)


def standardised(categories, x):
    """Numbers filled in and standardised, categories one-hot, an empty cell being one of them."""
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = [name for name in x.columns if name not in categories]
    return ColumnTransformer([
        ("numbers", make_pipeline(filled(), StandardScaler()), numbers),
        ("categories", OneHotEncoder(handle_unknown="ignore"), categories)], sparse_threshold=0)


def pipeline(model, task, categories, x, y, judged):
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if task == "regression":
        model = TransformedTargetRegressor(model, transformer=StandardScaler())
    model = make_pipeline(standardised(categories, x), model)
    seconds = timed(lambda: model.fit(x, y))
    return answers(model, task, judged), seconds


def linear(task, categories, x, y, judged):
    from sklearn.linear_model import LinearRegression, LogisticRegression

    model = LinearRegression() if task == "regression" else LogisticRegression(max_iter=1000)
    return pipeline(model, task, categories, x, y, judged)


def mlp(task, categories, x, y, judged):
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    model = (MLPRegressor if task == "regression" else MLPClassifier)(random_state=SEED)
    return pipeline(model, task, categories, x, y, judged)


def as_categories(categories, x, judged):
    """Both with the categories that the training rows have; others are missing."""
    kinds = {name: pandas.CategoricalDtype(sorted(x[name].dropna().unique())) for name in categories}
    return x.astype(kinds), judged.astype(kinds)


def boosted(model, task, categories, x, y, judged):
    """Boosted trees that know columns of categories by their type; classes as numbers."""
    x, judged = as_categories(categories, x, judged)
    if task != "regression":
        y = numpy.unique(y, return_inverse=True)[1]
    seconds = timed(lambda: model.fit(x, y))
    return answers(model, task, judged), seconds


def histgb(task, categories, x, y, judged):
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if task == "regression" else HistGradientBoostingClassifier
    return boosted(kind(categorical_features="from_dtype", random_state=SEED), task, categories, x, y, judged)


def lightgbm(task, categories, x, y, judged):
    import lightgbm

    kind = lightgbm.LGBMRegressor if task == "regression" else lightgbm.LGBMClassifier
    # It takes no names with signs of JSON in them.
    short = {name: f"c{index}" for index, name in enumerate(x.columns)}
    x, judged = x.rename(columns=short), judged.rename(columns=short)
    categories = [short[name] for name in categories]
    return boosted(kind(n_jobs=1, random_state=SEED, verbosity=-1), task, categories, x, y, judged)


def xgboost(task, categories, x, y, judged):
    import xgboost

    kind = xgboost.XGBRegressor if task == "regression" else xgboost.XGBClassifier
    model = kind(tree_method="hist", enable_categorical=True, n_jobs=1, random_state=SEED)
    return boosted(model, task, categories, x, y, judged)


def catboost(task, categories, x, y, judged):
    import catboost

    kind = catboost.CatBoostRegressor if task == "regression" else catboost.CatBoostClassifier
    model = kind(cat_features=categories, thread_count=1, random_seed=SEED, verbose=False, allow_writing_files=False)
    x, judged = (frame.fillna({name: "" for name in categories}) for frame in (x, judged))
    seconds = timed(lambda: model.fit(x, y))
    return answers(model, task, judged), seconds


def realmlp(task, categories, x, y, judged):
    """RealMLP-TD: one model, a fifth of the rows chooses the epoch. It takes no empty numbers."""
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    kind = RealMLP_TD_Regressor if task == "regression" else RealMLP_TD_Classifier
    model = kind(device="cpu", random_state=SEED, n_cv=1, n_refit=0, val_fraction=0.2, n_threads=1)
    numbers = x.columns.difference(categories, sort=False)
    fill = filled().set_output(transform="pandas").fit(x[numbers])
    x, judged = (
        pandas.concat([fill.transform(frame[numbers]), frame[categories]], axis=1)
        for frame in as_categories(categories, x, judged))
    seconds = timed(lambda: model.fit(x, y, cat_col_names=categories))
    return answers(model, task, judged), seconds


PEERS = {
    learner.__name__: learner for learner in (linear, mlp, histgb, lightgbm, xgboost, catboost, realmlp)
}
