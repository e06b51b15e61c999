using DiffusionLens;
using DiffusionLens.Families;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Tests.Models;

public sealed class ModelInfoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("model-").FullName;

    public ModelInfoTests()
    {
        Write("model_index.json", """{"_class_name": "StableDiffusionPipeline", "text_encoder": ["transformers", "CLIPTextModel"]}""");
        Write("text_encoder/config.json", """{"num_hidden_layers": 5}""");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_without_notes_has_the_words_of_coco_and_people_who_answer()
        => Assert.Equal(("coco", null, 7.5, 5), (Read().Lexicon, Read().Recognizer, Read().Guidance, Read().LayerCount));

    [Theory]
    [InlineData("mini-sd", EncoderKind.Clip)]
    [InlineData("mini-if", EncoderKind.T5)]
    [InlineData("mini-mmdit", EncoderKind.T5)]
    public void The_paper_is_asked_about_the_encoder_that_is_read_as_a_sequence_and_not_about_one_that_is_only_pooled(
        string model, EncoderKind kind)
        => Assert.Equal(kind, ModelInfo.Read(ModelReference.Find(model).Paths).EncoderKind);

    [Fact]
    public void A_recognizer_is_found_beside_the_model_first_and_then_in_the_tool()
    {
        Write("dlens.json", """{"recognizer": "mini-recognizer"}""");
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models", "mini-recognizer"), Path.GetFullPath(Read().Recognizer!));

        Write("dlens.json", $$"""{"recognizer": "{{Path.GetFileName(_folder)}}"}""");
        Assert.Equal(_folder, Read().Recognizer);
    }

    [Theory]
    [InlineData("""{"guidanc": 4}""", ":1:12: 'guidanc' is no key of this file, or has no such value; it should read like {\"lexicon\"")]
    [InlineData(
        """{"guidance": "x"}""",
        ":1:17: 'guidance' is no key of this file, or has no such value; it should read like {\"lexicon\""
    )]
    [InlineData("""{"height": 4}""", ": the height is 4; it should be a number from 8 to 4096")]
    [InlineData("""{"width": 9999}""", ": the width is 9999; it should be a number from 8 to 4096")]
    [InlineData("""{"maxSequenceLength": 0}""", ": the maxSequenceLength is 0; it should be a number from 1 to 4096")]
    [InlineData("""{"pooled": "none"}""", ": pooled is 'none'; it must be one of native, empty, lens, empty-below")]
    [InlineData("""{"guidance": -1}""", ": the guidance is -1; it should be a number from 0 to 100")]
    [InlineData(
        """{"superResolution": {"guidance": 101}}""",
        ": the superResolution's guidance is 101; it should be a number from 0 to 100"
    )]
    [InlineData(
        """{"superResolution": {"steps": 0}}""",
        ": the superResolution's number of steps is 0; it should be a number from 1 to 1000"
    )]
    [InlineData(
        """{"superResolution": {"noiseLevel": 1000}}""",
        ": the superResolution's noise level is 1000; it should be a number from 0 to 999"
    )]
    [InlineData("""{"guidance": 1e999}""", ": the guidance is ")]
    [InlineData("""{"guidance": 4, "guidance": 4}""", ":1:")]
    [InlineData("""{"lexicon": "a\u0000b"}""", ": the lexicon has no name that could be one of a file or folder")]
    [InlineData("""{"recognizer": ""}""", ": the recognizer has no name that could be one of a file or folder")]
    [InlineData("""{"lexicon": "\ud800"}""", ":1:")]
    [InlineData("{\n\"lexicon", ":2:9: is not JSON; it should read like {\"lexicon\"")]
    [InlineData("null", ":1:1: is not JSON; it should read like {\"lexicon\"")]
    public void Notes_that_cannot_be_read_are_refused_with_their_place(string notes, string error)
    {
        Write("dlens.json", notes);
        Assert.StartsWith(Path.Combine(_folder, "dlens.json") + error, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_with_a_byte_order_mark_as_Windows_leaves_it_are_read()
    {
        Write("dlens.json", "\uFEFF{\"lexicon\": \"mini\"}");
        Assert.Equal("mini", Read().Lexicon);
    }

    [Fact]
    public void Size_and_length_of_text_are_the_model_s_where_a_request_says_nothing()
    {
        Write("dlens.json", """{"height": 64, "width": 48, "maxSequenceLength": 24}""");
        SamplerRequest open = new(Scheduler: "ddim", Steps: null, Guidance: null);
        SamplerSpec unsaid = open.Over(new SamplerSpec(), Read()), said = open.Over(new SamplerSpec { Height = 96 }, Read());
        Assert.Equal((64, 48, 96), (unsaid.Height, unsaid.Width, said.Height));

        ModelRequest request = new(_folder, "cpu", "float32");
        Assert.Equal(24, Read().Completed(request).MaxSequenceLength);
        Assert.Equal(9, Read().Completed(request with { MaxSequenceLength = 9 }).MaxSequenceLength);
    }

    [Fact]
    public void Pooled_vectors_of_a_model_that_reads_none_are_refused()
    {
        Write("dlens.json", """{"pooled": "empty"}""");
        Assert.Equal(
            $"{Path.Combine(_folder, "dlens.json")}: it says what pooled vectors show, and this model reads none; leave \"pooled\" out",
            Refusal());
    }

    [Fact]
    public void A_recognizer_that_is_nowhere_is_refused_with_the_names_there_are()
    {
        Write("dlens.json", """{"recognizer": "mini-recognizr"}""");
        Assert.Contains("did you mean 'mini-recognizer'", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "has no \"num_hidden_layers\", the number of the encoder's blocks")]
    [InlineData("""{"num_hidden_layers": "x"}""", "num_hidden_layers is \"x\"; it must be a whole number, 1 to 1000")]
    [InlineData("""{"num_hidden_layers": 0, "model_type": 3}""", "num_hidden_layers is 0; it must be a whole number, 1 to 1000")]
    public void An_encoder_without_a_number_of_blocks_is_refused(string config, string error)
    {
        Write("text_encoder/config.json", config);
        Assert.Equal($"{Path.Combine(_folder, "text_encoder", "config.json")}: {error}", Refusal());
    }

    private ModelInfo Read() => ModelInfo.Read(_folder);

    private string Refusal() => Assert.Throws<BadInputException>(Read).Message;

    private void Write(string file, string text)
    {
        string path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
