using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>The weights of UniPC's steps (arXiv 2302.04867, equations 3 to 6), which depend on the noise levels alone.</summary>
/// <param name="walk">The noise levels.</param>
/// <param name="predictsImage">Whether predictions are of the image or of the noise.</param>
/// <param name="isFirstVariant">B(h) = h (<c>bh1</c>) or e^h - 1 (<c>bh2</c>).</param>
internal sealed class UniPcSolver(SolverWalk walk, bool predictsImage, bool isFirstVariant)
{
    /// <summary>From a call's sample to the next call's.</summary>
    /// <param name="call">0, 1, ...</param>
    /// <param name="order">How many predictions count, this call's among them.</param>
    public UniPcUpdate Prediction(int call, int order) => Update(call, order, corrects: false);

    /// <summary>From a call's sample to the next call's again, when that call's prediction is known too.</summary>
    /// <param name="call">0, 1, ...</param>
    /// <param name="order">How many predictions count beside the new one.</param>
    public UniPcUpdate Correction(int call, int order) => Update(call, order, corrects: true);

    private UniPcUpdate Update(int call, int order, bool corrects)
    {
        NoiseLevel from = walk.LevelAt(call), to = walk.LevelAt(call + 1);
        double h = to.Lambda - from.Lambda, u = predictsImage ? -h : h;
        (double keep, double scale) = predictsImage ? (to.Sigma / from.Sigma, to.Alpha) : (to.Alpha / from.Alpha, to.Sigma);
        double growth = Math.Abs(u) < 1e-5 ? u * (1 + (u / 2)) : Math.Exp(u) - 1, variant = isFirstVariant ? u : growth;
        double[] ratios = [.. Enumerable.Range(1, order - 1).Select(age => (walk.LevelAt(call - age).Lambda - from.Lambda) / h)];
        double[] rhos = corrects
            ? order == 1 ? [0.5] : Solve([.. ratios, 1], u, growth, variant)
            : order == 2 ? [0.5] : Solve(ratios, u, growth, variant);

        double[] weights = new double[order];
        double newest = corrects ? -scale * variant * rhos[^1] : 0;
        for (int age = 1; age < order; age++)
        {
            weights[age] = -scale * variant * rhos[age - 1] / ratios[age - 1];
        }

        weights[0] = (-scale * growth) - weights.Sum() - newest;
        return new UniPcUpdate(keep, weights, corrects ? newest : null);
    }

    /// <summary>
    /// ρ of Σ_k ρ_k r_k^(i-1) = i! φ_(i+1)(u) / B for i = 1 ... n, where φ_1 = (e^u - 1)/u and φ_(i+1) = (φ_i - 1/i!)/u; by Gauss'
    /// elimination.
    /// </summary>
    private static double[] Solve(double[] ratios, double u, double growth, double variant)
    {
        int n = ratios.Length;
        double[][] rows = new double[n][];
        double phi = (growth / u) - 1, factorial = 1;
        for (int i = 0; i < n; i++)
        {
            rows[i] = [.. ratios.Select(ratio => Math.Pow(ratio, i)), phi * factorial / variant];
            factorial *= i + 2;
            phi = (phi / u) - (1 / factorial);
        }

        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(rows[row][column]));
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            foreach (int row in Enumerable.Range(0, n).Where(row => row != column))
            {
                double factor = rows[row][column] / rows[column][column];
                rows[row] = [.. rows[row].Zip(rows[column], (value, subtracted) => value - (factor * subtracted))];
            }
        }

        return [.. rows.Select((row, i) => row[n] / row[i])];
    }
}

/// <summary>x' = keep · x + Σ weight · prediction.</summary>
/// <param name="Keep">Of the sample.</param>
/// <param name="Weights">Of the predictions, the newest remembered first.</param>
/// <param name="Newest">Of the one that is not remembered yet; null in a step that does not know it.</param>
internal sealed record UniPcUpdate(double Keep, IReadOnlyList<double> Weights, double? Newest)
{
    public bool IsFinite => double.IsFinite(Keep) && Weights.All(double.IsFinite) && double.IsFinite(Newest ?? 0);

    public Tensor Apply(Tensor sample, RecentTensors predictions, Tensor? newest = null)
    {
        Tensor result = sample.Times(Keep);
        for (int age = 0; age < Weights.Count; age++)
        {
            result = result.PlusScaled(predictions[age], Weights[age]);
        }

        return Newest is { } weight ? result.PlusScaled(newest!, weight) : result;
    }
}
