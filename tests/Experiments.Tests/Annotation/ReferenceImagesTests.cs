using DiffusionLens;
using Experiments.Annotation;
using Experiments.Answers;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Annotation;

public sealed class ReferenceImagesTests : IDisposable
{
    private static readonly Answer Question = SmallPlan.Asked(SmallPlan.Plan).First() with
    {
        Asked = "Is there a Red-Panda in the picture?",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("references-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("red panda.jpg", true)]
    [InlineData("Red_Panda 2.PNG", true)]
    [InlineData("red-panda/photo.webp", true)]
    [InlineData("panda.jpg", true)]
    [InlineData("red.jpg", true)]
    [InlineData("pan.jpg", false)]
    [InlineData("polar bear.jpg", false)]
    public void An_image_is_shown_where_the_question_names_it(string file, bool isShown)
    {
        Put(file);
        Put("something else.jpg");

        ReferenceImages references = ReferenceImages.Of(_folder);

        Assert.Equal(isShown ? 1 : 0, references.For(Question).Count);
        Assert.All(references.For(Question), address => Assert.Equal(Path.Combine(_folder, file), references.At(address)!.Value.File));
    }

    [Fact]
    public void A_folder_that_is_not_there_or_has_no_image_is_named()
    {
        Put("notes.txt");
        Put("drawing.svg");

        Assert.Contains(_folder, Assert.Throws<BadInputException>(() => ReferenceImages.Of(_folder)).Message, StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => ReferenceImages.Of(Path.Combine(_folder, "no")));
    }

    private void Put(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, file))!);
        File.WriteAllBytes(Path.Combine(_folder, file), [0]);
    }
}
