"""How good predictions are."""
import numpy


def calibration_error(probabilities, right, bins=15):
    """Expected calibration error: the rows in bins of equal width by the probability of the class that is predicted; the
    mean over the rows of |share that is right − mean probability| of their bins (Guo et al., arXiv 1706.04599)."""
    confidence = probabilities.max(axis=1)
    numbers = numpy.clip(numpy.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    difference = numpy.bincount(numbers, right - confidence, minlength=bins)
    return float(numpy.abs(difference).sum() / len(right))


def of_classes(probabilities, y, classes):
    """`probabilities` has a column a class. The area under the curve is of two classes only."""
    from sklearn.metrics import log_loss, roc_auc_score

    truth = numpy.searchsorted(classes, y)
    right = (probabilities.argmax(axis=1) == truth).astype(float)
    return {
        "error": float(1 - right.mean()),
        "logLoss": float(log_loss(truth, probabilities.astype(float), labels=range(len(classes)))),
        "auc": float(roc_auc_score(truth, probabilities[:, 1])) if len(classes) == 2 else None,
        "calibrationError": calibration_error(probabilities, right),
    }


def of_numbers(predicted, y):
    """`relativeRMSE` is divided by the standard deviation of the truth."""
    rmse = float(numpy.sqrt(numpy.mean((predicted - y) ** 2)))
    relative = rmse / float(numpy.std(y))
    return {"rmse": rmse, "relativeRMSE": relative, "r2": 1 - relative**2}
