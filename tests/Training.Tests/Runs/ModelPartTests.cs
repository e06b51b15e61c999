using DiffusionLens;
using Training.Runs;

namespace Training.Tests.Runs;

public class ModelPartTests
{
    [Fact]
    public void A_part_that_is_not_there_is_said_to_be_missing()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}", "vae");

        BadInputException refused = Assert.Throws<BadInputException>(() => ModelPart.ReadConfig(folder));

        Assert.Equal($"{Path.Combine(folder, "config.json")}: there is no such file", refused.Message);
    }
}
