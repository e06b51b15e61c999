namespace DiffusionLens.Runtime;

/// <summary>
/// How many tensors a network may have, which are those of its files: a config that asks for a million blocks is refused after the few that
/// there can be, before the others cost time and memory.
/// </summary>
/// <param name="most">How many.</param>
internal sealed class TensorLimit(int most)
{
    private int _left = most;

    /// <exception cref="ExceededException">There are none left.</exception>
    public void Take()
    {
        if (_left-- <= 0)
        {
            throw new ExceededException();
        }
    }

    /// <summary>The network has more tensors than it may have. <see cref="Weights.WeightFiles"/> says so in words.</summary>
    public sealed class ExceededException : Exception;
}
