using System.Text.RegularExpressions;
using Experiments.Beyond;
using Experiments.Reports;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tests.Specs;
using YamlDotNet.RepresentationModel;

namespace Experiments.Tests.Reports;

public sealed partial class CitationTests
{
    [Fact]
    public void Tool_and_method_are_cited_as_the_citation_file_says()
    {
        YamlMappingNode file = CitationFile();
        YamlMappingNode paper = (YamlMappingNode)((YamlSequenceNode)file["references"]).Children.Single();
        string[] authors =
        [
            .. from YamlMappingNode author in (YamlSequenceNode)paper["authors"]
               select $"{author["family-names"]}, {author["given-names"]}",
        ];
        string arxiv = ((YamlSequenceNode)paper["identifiers"])[0]["value"].ToString();

        Assert.Equal(file["title"].ToString(), Plain(Field(Citation.Tool, "title")));
        Assert.Equal(file["version"].ToString(), Field(Citation.Tool, "version"));
        Assert.Equal(file["license"].ToString(), Field(Citation.Tool, "license"));
        Assert.Equal(((YamlSequenceNode)file["authors"])[0]["name"].ToString(), Plain(Field(Citation.Tool, "author")));
        Assert.Equal(paper["title"].ToString(), Field(Citation.Method, "title"));
        Assert.Equal(authors, Field(Citation.Method, "author").Split(" and "));
        Assert.Equal(paper["year"].ToString(), Field(Citation.Method, "year"));
        Assert.Equal(arxiv, $"arXiv:{Field(Citation.Method, "eprint")}");
    }

    [Fact]
    public void What_a_follow_up_says_it_follows_its_spec_cites_and_the_paper_is_known_by_more_than_its_number() =>
        Assert.All(FollowUp.All, followUp =>
        {
            Spec spec = (Spec)ExperimentReader.Read(RepositoryFiles.Experiment(followUp.Name));
            string[] named = [.. ArxivNumber().Matches(followUp.Source).Select(match => match.Value)];

            Assert.Equal(named, spec.Cites);
            Assert.All(named, number => Assert.Contains("author", Citation.OfArxiv(number).BibTeX, StringComparison.Ordinal));
        });

    [Theory]
    [InlineData("2403.05846")]
    [InlineData("2504.01137")]
    [InlineData("2501.06751")]
    [InlineData("2502.08690")]
    [InlineData("2506.08210")]
    [InlineData("2612.00001")]
    public void An_entry_is_of_the_number_it_was_asked_for_and_its_braces_close(string number)
    {
        string entry = Citation.OfArxiv(number).BibTeX;

        Assert.Equal(number, Field(Citation.OfArxiv(number), "eprint"));
        Assert.Equal(entry.Count(letter => letter == '{'), entry.Count(letter => letter == '}'));
        Assert.Matches(@"^@(inproceedings|misc)\{[a-z0-9.-]+,\n", entry);
    }

    [Fact]
    public void The_method_and_the_tool_come_first_and_nothing_twice()
    {
        IReadOnlyList<Citation> all = Citation.All(["2504.01137", "2403.05846"]);

        Assert.Equal([Citation.Method, Citation.Tool, Citation.OfArxiv("2504.01137")], all);
        Assert.Equal(3, EntryStart().Count(Citation.Text(all)));
    }

    private static YamlMappingNode CitationFile()
    {
        YamlStream stream = [];
        using StreamReader reader = new(Path.Combine(AppContext.BaseDirectory, "CITATION.cff"));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Field(Citation citation, string name) =>
        Regex.Match(citation.BibTeX, $@"^ +{name} *= \{{(.*)\}},?$", RegexOptions.Multiline).Groups[1].Value;

    // Without what TeX needs of it.
    private static string Plain(string tex) => tex.Replace("{", "").Replace("}", "").Replace("\\", "");

    [GeneratedRegex("[0-9]{4}\\.[0-9]{5}")]
    private static partial Regex ArxivNumber();

    [GeneratedRegex("^@", RegexOptions.Multiline)]
    private static partial Regex EntryStart();
}
