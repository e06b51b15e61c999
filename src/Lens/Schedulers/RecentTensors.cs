using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>The last few tensors of a run, newest first; kept alive between the steps, whose scopes free everything else.</summary>
internal sealed class RecentTensors(int capacity) : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    public int Count => _tensors.Count;

    public Tensor this[int age] => _tensors[age];

    public void Add(Tensor tensor)
    {
        _tensors.Insert(0, tensor.alias().DetachFromDisposeScope());
        if (_tensors.Count > capacity)
        {
            _tensors[^1].Dispose();
            _tensors.RemoveAt(_tensors.Count - 1);
        }
    }

    public void Dispose() => _tensors.ForEach(tensor => tensor.Dispose());
}
