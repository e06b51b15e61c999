using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Denoisers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

public sealed class DeepFloydUNetParityTests
{
    private static readonly string[] Cases = ["t999", "t321", "per_sample", "wide"];

    public static TheoryData<string, string, Agreement> Stages
    {
        get
        {
            TheoryData<string, string, Agreement> stages = [];
            foreach (object[] agreement in Agreement.Each.Cast<object[]>())
            {
                stages.Add(Reference.StageI, "unet_I", (Agreement)agreement[0]);
                stages.Add(Reference.StageII, "unet_II", (Agreement)agreement[0]);
            }

            return stages;
        }
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Outputs_noise_and_variance_are_those_of_diffusers(string stage, string file, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", file, agreement.Precision);
        UNet2DConditionModel unet = Reference.UNet(stage, agreement.DType);
        CrossAttentionStates text = unet.ProjectText(expected["encoder_hidden_states"].to_type(agreement.DType));
        foreach (string name in Cases)
        {
            Tensor sample = expected[$"{name}.sample"].to_type(agreement.DType);
            Tensor output = unet.forward(sample, expected[$"{name}.timestep"], text, expected.GetValueOrDefault($"{name}.class_labels"));
            Assert.Equal(agreement.DType, output.dtype);
            Assert.Equal(6, output.shape[1]);
            TensorAssert.Close(output, expected[$"{name}.output"], agreement.Relative, name);
        }
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void The_times_and_the_texts_shares_of_the_embedding_are_those_of_diffusers(string stage, string file, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", file, agreement.Precision);
        UNet2DConditionModel unet = Reference.UNet(stage, agreement.DType);
        using CrossAttentionStates text = unet.ProjectText(expected["encoder_hidden_states"].to_type(agreement.DType));
        TensorAssert.Close(text.TimeShare!, expected["add_embedding"], agreement.Relative, "text");

        // Where the libraries take sinusoids from float32, ours differ by as much.
        double tolerance = agreement.Precision == Reference.AsTheyAre ? Math.Max(agreement.Relative, 9e-6) : agreement.Relative;
        foreach (string name in Cases)
        {
            Tensor timesteps = expected[$"{name}.timestep"].expand(2);
            TensorAssert.Close(unet.Time.forward(timesteps, agreement.DType), expected[$"{name}.time_embedding"], tolerance, name);
        }
    }

    [Theory]
    [InlineData(Reference.StageI, "unet_I")]
    [InlineData(Reference.StageII, "unet_II")]
    public void Rows_of_projected_text_can_be_picked_and_joined_for_a_batch(string stage, string file)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", file, Reference.Double);
        UNet2DConditionModel unet = Reference.UNet(stage, ScalarType.Float64);
        Tensor text = expected["encoder_hidden_states"], rows = tensor(new long[] { 1, 0, 1 });
        CrossAttentionStates[] parts = [unet.ProjectText(text.narrow(0, 0, 1)), unet.ProjectText(text.narrow(0, 1, 1))];
        CrossAttentionStates picked = CrossAttentionStates.Concatenate(parts).Select(rows);
        Tensor? level = expected.GetValueOrDefault("t321.class_labels")?.index_select(0, rows);
        Tensor output = unet.forward(expected["t321.sample"].index_select(0, rows), expected["t321.timestep"], picked, level);
        TensorAssert.Close(output, expected["t321.output"].index_select(0, rows), 1e-9);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, "image_proj")]
    public void How_text_is_projected_may_be_left_out_of_the_config_as_some_published_ones_do(bool hasKey, string? kind)
    {
        string path = Path.Combine(Reference.PathOf(Reference.StageI), "unet", "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        SimpleCrossAttnOptions? said = Parsed(config);
        config.Remove("encoder_hid_dim_type");
        if (hasKey)
        {
            config["encoder_hid_dim_type"] = kind;
        }

        if (kind is null)
        {
            Assert.NotNull(said);
            Assert.Equal(said, Parsed(config));
        }
        else
        {
            string error = Assert.Throws<BadInputException>(() => Parsed(config)).Message;
            Assert.Contains("encoder_hid_dim_type is \"image_proj\", which is not supported", error, StringComparison.Ordinal);
        }

        SimpleCrossAttnOptions? Parsed(JsonObject json)
            => UNet2DConditionConfig.Parse(JsonSerializer.SerializeToElement(json), path).Simple;
    }

    [Fact]
    public void Stage_II_cannot_do_without_a_noise_level()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("if", "unet_II");
        UNet2DConditionModel unet = Reference.UNet(Reference.StageII, ScalarType.Float64);
        CrossAttentionStates text = unet.ProjectText(expected["encoder_hidden_states"]);
        Assert.Throws<ArgumentNullException>(() => unet.forward(expected["t321.sample"], expected["t321.timestep"], text));
    }
}
