using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Optimization;

/// <summary>
/// Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon) for the weights that are matrices: a step goes along the orthogonal
/// matrix nearest to their momentum, so that it is equally long in all directions, also in those of which the gradient says little. It is
/// scaled so that AdamW's learning rates serve it (Liu et al. 2025, arXiv:2502.16982, equation 4).
/// </summary>
internal sealed class Muon : IDisposable
{
    private const double Memory = 0.95, LikeAdamW = 0.2, SmallestNorm = 1e-12;
    private const int Iterations = 5;

    // Singular values s, 0..1, become a s + b s³ + c s⁵, which after five times is near 1 wherever they began (Jordan et al.).
    private static readonly Scalar A = 3.4445, B = -4.7750, C = 2.0315;

    private readonly IReadOnlyList<MatricesOfOneShape> _matrices;

    /// <param name="parameters">Where the matrices are in the vector.</param>
    public Muon(ParameterVector parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        Momentum = zeros(parameters.Count).DetachFromDisposeScope();
        Others = ones(parameters.Count).DetachFromDisposeScope();
        _matrices = [.. parameters.Matrices()
            .GroupBy(matrix => (matrix.Rows, matrix.Columns))
            .Select(alike => new MatricesOfOneShape(
                alike.Key.Rows,
                alike.Key.Columns,
                cat([.. alike.Select(m => arange(m.From, m.From + (m.Rows * m.Columns), ScalarType.Int64))]).DetachFromDisposeScope()))];
        using Scalar none = 0;
        foreach (MatricesOfOneShape matrices in _matrices)
        {
            Others.index_fill_(0, matrices.Places, none);
        }
    }

    /// <summary>Of the gradient, [N]; part of a run's state.</summary>
    public Tensor Momentum { get; }

    /// <summary>1 where a parameter is no matrix's and another rule moves it, else 0; [N].</summary>
    public Tensor Others { get; }

    /// <summary>Moves the matrices among the weights.</summary>
    /// <param name="weights">[N], changed in place.</param>
    /// <param name="gradient">[N].</param>
    /// <param name="learningRate">This step's.</param>
    public void Step(Tensor weights, Tensor gradient, double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar memory = Memory;
        Momentum.mul_(memory).add_(gradient, ScalarArithmetic.One);
        Tensor ahead = Momentum.mul(memory).add_(gradient, ScalarArithmetic.One);
        foreach ((long rows, long columns, Tensor places) in _matrices)
        {
            using DisposeScope shape = NewDisposeScope();
            using Scalar move = -learningRate * LikeAdamW * Math.Sqrt(Math.Max(rows, columns));
            Tensor direction = Orthogonal(ahead.index_select(0, places).view(-1, rows, columns));
            weights.index_add_(0, places, direction.reshape(-1), move);
        }
    }

    /// <summary>
    /// About the orthogonal matrices nearest to these, by Newton's and Schulz's iteration: singular values between 0.7 and 1.2, but for
    /// those that were less than a few thousandths of the matrix's norm.
    /// </summary>
    /// <param name="matrices"><c>[matrices, rows, columns]</c> float32.</param>
    public static Tensor Orthogonal(Tensor matrices)
    {
        using DisposeScope scope = NewDisposeScope();
        bool isTall = matrices.shape[1] > matrices.shape[2];
        Tensor x = isTall ? matrices.transpose(1, 2).contiguous() : matrices;
        x = x.div(x.Squared().sum([1, 2], keepdim: true).sqrt().Plus(SmallestNorm));
        for (int i = 0; i < Iterations; i++)
        {
            Tensor square = x.bmm(x.transpose(1, 2));
            x = x.mul(A).Plus(square.mul(B).Plus(square.bmm(square).mul(C)).bmm(x));
        }

        return (isTall ? x.transpose(1, 2) : x).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _matrices.Select(matrices => matrices.Places).Append(Momentum).Append(Others))
        {
            tensor.Dispose();
        }
    }

    /// <param name="Places">Of their values in the vector, matrix by matrix, row by row.</param>
    private sealed record MatricesOfOneShape(long Rows, long Columns, Tensor Places);
}
