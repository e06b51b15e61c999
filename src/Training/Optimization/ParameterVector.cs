using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Training.Optimization;

/// <summary>
/// All parameters of a network as one float32 vector. TorchSharp has no fused optimizer, and thousands of small native calls a step
/// cost more than the arithmetic: updates run on the vector, and the network (which may be bfloat16) is a copy of it.
/// </summary>
internal sealed class ParameterVector
{
    // What reads or writes the image itself, and tables that are looked up: matrices by shape alone.
    private static readonly string[] NoMaps =
        ["conv_in.weight", "conv_out.weight", "embedding.weight", "embed_tokens.weight", "shared.weight", "attention_bias.weight"];

    private readonly IReadOnlyList<string> _names;
    private readonly IReadOnlyList<Parameter> _parameters;

    /// <param name="network">Its parameters start to ask for gradients.</param>
    public ParameterVector(nn.Module network)
    {
        (string Name, Parameter Parameter)[] named = [.. network.named_parameters()];
        _names = [.. named.Select(pair => pair.Name)];
        _parameters = [.. named.Select(pair => pair.Parameter)];
        foreach (Parameter parameter in _parameters)
        {
            parameter.requires_grad = true;
        }
    }

    /// <summary>How many values the parameters have.</summary>
    public long Count => _parameters.Sum(parameter => parameter.numel());

    /// <summary>The weights of convolutions and linear maps between inner states.</summary>
    public IEnumerable<ParameterMatrix> Matrices()
    {
        long from = 0;
        foreach ((string name, Parameter parameter) in _names.Zip(_parameters))
        {
            long size = parameter.numel();
            if (parameter.dim() > 1 && !NoMaps.Any(end => name.EndsWith(end, StringComparison.Ordinal)))
            {
                yield return new ParameterMatrix(from, parameter.shape[0], size / parameter.shape[0]);
            }

            from += size;
        }
    }

    /// <summary>1 for weights of convolutions and linear maps, 0 for norms, biases and embeddings: where weight decay acts; [N].</summary>
    public Tensor DecayMask()
    {
        using DisposeScope scope = NewDisposeScope();
        return cat([.. _parameters.Select(p => full([p.numel()], p.dim() > 1 ? 1f : 0f))]).MoveToOuterDisposeScope();
    }

    /// <summary>The parameters' values, [N] float32.</summary>
    public Tensor Values()
    {
        using DisposeScope scope = NewDisposeScope();
        return cat([.. _parameters.Select(p => p.detach().flatten().to(ScalarType.Float32))]).clone().MoveToOuterDisposeScope();
    }

    /// <summary>The gradients of the last backward pass, [N] float32; they are taken away from the parameters.</summary>
    public Tensor TakeGradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = new Tensor[_parameters.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            Tensor gradient = _parameters[i].grad ?? throw new InvalidOperationException("a parameter got no gradient");
            parts[i] = gradient.flatten().to(ScalarType.Float32);
        }

        Tensor all = cat(parts).clone().MoveToOuterDisposeScope();
        foreach (Parameter parameter in _parameters)
        {
            parameter.grad = null;
        }

        return all;
    }

    /// <summary>Writes a vector back into the parameters, each in its own type.</summary>
    public void Assign(Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor[] parts = values.split([.. _parameters.Select(p => p.numel())]);
        for (int i = 0; i < parts.Length; i++)
        {
            _parameters[i].copy_(parts[i].view(_parameters[i].shape));
        }
    }
}
