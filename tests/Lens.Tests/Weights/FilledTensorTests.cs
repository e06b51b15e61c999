using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights;

public sealed class FilledTensorTests : IDisposable
{
    // Several pieces of every kind, and a last one that is not full.
    private const int Length = (5 << 20) + 12345;

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.Float64)]
    [InlineData(ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16)]
    public void A_tensor_of_many_pieces_has_the_bits_of_one_conversion(ScalarType inFile, ScalarType inModule)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Tensor values = randn(Length, ScalarType.Float32, generator: new Generator(3, CPU)).to(inFile);
        SafetensorsWriter.Write(File, new Dictionary<string, Tensor> { ["weight"] = values });
        using One module = new(zeros(Length, inModule));
        using WeightFiles files = WeightFiles.Open(_folder.Path);

        files.LoadInto(module);

        Tensor loaded = Assert.Single(module.parameters());
        Assert.True(loaded.bytes.SequenceEqual(values.to(inModule).bytes));
        using SafetensorsFile file = SafetensorsFile.Open(File);
        Tensor copied = zeros(Length, inModule);
        file.CopyTo("weight", copied);
        Assert.True(copied.bytes.SequenceEqual(loaded.bytes));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_file_that_is_cut_off_after_it_was_opened_is_a_line(ScalarType inModule)
    {
        using (Tensor values = ones(Length))
        {
            SafetensorsWriter.Write(File, new Dictionary<string, Tensor> { ["weight"] = values });
        }

        using One module = new(zeros(Length, inModule));
        using WeightFiles files = WeightFiles.Open(_folder.Path);
        using (FileStream cut = new(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(cut.Length / 2);
        }

        BadInputException error = Assert.Throws<BadInputException>(() => files.LoadInto(module));
        Assert.Equal($"{File}: was cut off while it was read; get the file again", error.Message);
        Assert.Equal(error.Message, Assert.Throws<BadInputException>(() => files.Digest(module, new DigestCache())).Message);
    }

    private sealed class One : nn.Module
    {
        public One(Tensor weight)
            : base(nameof(One)) => register_parameter("weight", new TorchSharp.Modules.Parameter(weight, requires_grad: false));
    }
}
