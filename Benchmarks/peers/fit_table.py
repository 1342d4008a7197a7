#!/usr/bin/env python3
"""What a scikit-learn user does with a small table: read, scale, train, judge on rows held back.

    fit_table.py FILE.csv --layers 64,64 --batch 32 --epochs 100

The whole process is timed from outside, beside `downhill train` with the same architecture, solver, batch and epochs. The
last column is the target. Prints the accuracy on a fifth of the rows.
"""
import argparse
import json
import warnings

import pandas
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--layers", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--rate", type=float, default=0.005)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    table = pandas.read_csv(arguments.file)
    x, y = table.iloc[:, :-1].to_numpy("float32"), table.iloc[:, -1].to_numpy()
    train_x, test_x, train_y, test_y = train_test_split(x, y, test_size=0.2, random_state=1)
    scaler = StandardScaler().fit(train_x)
    network = MLPClassifier(
        [int(width) for width in arguments.layers.split(",")], solver="sgd", momentum=0.9, nesterovs_momentum=False,
        learning_rate_init=arguments.rate, batch_size=arguments.batch, max_iter=arguments.epochs, alpha=0, tol=0,
        n_iter_no_change=10**9, random_state=1)
    network.fit(scaler.transform(train_x), train_y)
    print(json.dumps({"accuracy": network.score(scaler.transform(test_x), test_y)}))


if __name__ == "__main__":
    main()
