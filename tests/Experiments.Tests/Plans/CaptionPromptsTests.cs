using DiffusionLens;
using Experiments.Plans;
using Experiments.Specs;
using Experiments.Tests.Specs;

namespace Experiments.Tests.Plans;

public sealed class CaptionPromptsTests : IDisposable
{
    // A multiword token, an empty node, a comment that is not the text, no comment at all, and no empty line at the end.
    private const string Captions = """
        # sent_id = 1
        # text = A dog chases its ball.
        1	A	a	DET	_	_	2	det	_	_
        2	dog	dog	NOUN	_	_	3	nsubj	_	_
        3	chases	chase	VERB	_	_	0	root	_	_
        4	its	its	PRON	_	_	5	nmod:poss	_	_
        5	ball	ball	NOUN	_	_	3	obj	_	SpaceAfter=No
        6	.	.	PUNCT	_	_	3	punct	_	_

        # text = A Man riding a horse.
        1	A	a	DET	_	_	2	det	_	_
        2	Man	man	NOUN	_	_	0	root	_	_
        3	riding	ride	VERB	_	_	2	acl	_	_
        4	a	a	DET	_	_	5	det	_	_
        5	horse	horse	NOUN	_	_	3	obj	_	SpaceAfter=No
        6	.	.	PUNCT	_	_	2	punct	_	_

        1-2	there's	_	_	_	_	_	_	_	_
        1	there	there	PRON	_	_	3	expl	_	_
        2	is	be	VERB	_	_	3	cop	_	_
        2.1	so	so	ADV	_	_	_	_	_	_
        3	table	table	NOUN	_	_	0	root	_	_
        4	nobody	nobody	PRON	_	_	3	nmod	_	_

        1	a	a	DET	_	_	2	det	_	_
        2	star	star	NOUN	_	_	6	nsubj	_	_
        3	is	be	AUX	_	_	6	cop	_	_
        4	on	on	ADP	_	_	6	case	_	_
        5	a	a	DET	_	_	6	det	_	_
        6	table	table	NOUN	_	_	0	root	_	SpaceAfter=No
        7	!	!	PUNCT	_	_	6	punct	_	_

        # text = a loop of words
        1	a	a	DET	_	_	2	det	_	_
        2	loop	loop	NOUN	_	_	3	nmod	_	_
        3	of	of	ADP	_	_	2	case	_	_
        4	words	word	NOUN	_	_	4	nmod	_	_
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("captions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Captions_with_two_nouns_are_told_apart_by_which_of_them_the_other_depends_on()
    {
        Write("captions.conllu", Captions);

        SampledPrompt first = Assert.Single(Read("captions.conllu", antecedentFirst: true)),
            second = Assert.Single(Read("captions.conllu", antecedentFirst: false));

        Assert.Equal(("A Man riding a horse.", "man", "horse"), (first.Text, first.Words["noun"], first.Words["noun'"]));
        Assert.Equal(("a star is on a table!", "star", "table"), (second.Text, second.Words["noun"], second.Words["noun'"]));
    }

    [Fact]
    public void A_caption_that_comes_twice_is_taken_once()
    {
        Write("captions.conllu", $"{Captions}\n\n{Captions}\n");

        Assert.Single(Read("captions.conllu", antecedentFirst: true));
    }

    [Fact]
    public void Plain_captions_are_refused_with_the_command_that_parses_them()
    {
        Write("captions.txt", "a star is on a table\na table with a star\n");

        string path = Path.Combine(_folder, "captions.txt");
        Assert.Equal(
            $"{path}:1: \"a star is on a table\" is a plain caption, and its syntax is asked about; parse them: "
            + $"udpipe --tokenizer=presegmented --tag --parse english-ewt.udpipe {path} > {Path.ChangeExtension(path, ".conllu")}",
            Assert.Throws<BadInputException>(() => Read("captions.txt", antecedentFirst: true)).Message);
    }

    [Fact]
    public void The_command_never_writes_over_what_it_reads()
    {
        Write("captions.conllu", "2 dogs on a table\n");

        Assert.EndsWith(
            "captions.conllu > " + Path.Combine(_folder, "captions.parsed.conllu"),
            Assert.Throws<BadInputException>(() => Read("captions.conllu", antecedentFirst: true)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dog's\t_", "", "The dog's bed")]
    [InlineData("dog's\tSpaceAfter=No", "", "The dog'sbed")]
    [InlineData("dog's\t_", "# text = The dog 's bed!\n", "The dog 's bed!")]
    public void A_token_of_several_words_is_what_was_written(string token, string comment, string expected)
    {
        string[] cells = token.Split('\t');
        Write(
            "captions.conllu",
            comment
                + "1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_\n"
                + $"2-3\t{cells[0]}\t_\t_\t_\t_\t_\t_\t_\t{cells[1]}\n"
                + "2\tdog\tdog\tNOUN\tNN\t_\t4\tnmod:poss\t_\t_\n"
                + "3\t's\t's\tPART\tPOS\t_\t2\tcase\t_\t_\n"
                + "3.1\tbig\tbig\tADJ\t_\t_\t_\t_\t_\t_\n"
                + "4\tbed\tbed\tNOUN\tNN\t_\t0\troot\t_\t_\n");

        SampledPrompt prompt = Assert.Single(Read("captions.conllu", antecedentFirst: false));

        Assert.Equal((expected, "dog", "bed"), (prompt.Text, prompt.Words["noun"], prompt.Words["noun'"]));
    }

    [Theory]
    [InlineData("1\ta\ta\tDET\n", "1: 4 columns; CoNLL-U has 10, with tabs between them")]
    [InlineData(
        "# text = a\none\ta\ta\tDET\t_\t_\t0\troot\t_\t_\n",
        "2: 'one' in the column ID, which holds a whole number; write a parse for every word"
    )]
    [InlineData("3-2\tdu\t_\t_\t_\t_\t_\t_\t_\t_\n", "1: '3-2' in the column ID ends before it begins; write it rising")]
    [InlineData(
        "1  A  a  DET  DT  _  2  det  _  _\n",
        "1: spaces where tabs should be; CoNLL-U has a tab between its 10 columns (an editor may have changed them)"
    )]
    [InlineData("1\ta\ta\tDET\t_\t_\t_\t_\t_\t_\n", "1: '_' in the column HEAD, which holds a whole number; write a parse for every word")]
    public void A_broken_parse_is_named_with_its_line(string text, string error)
    {
        Write("captions.conllu", text);

        Assert.Equal(
            $"{Path.Combine(_folder, "captions.conllu")}:{error}",
            Assert.Throws<BadInputException>(() => Read("captions.conllu", antecedentFirst: true)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_with_its_place() => Assert.EndsWith(
        "spec.yaml:7:15: there is no file nowhere.conllu, in the spec's folder or from the current one; write where it is",
        Assert.Throws<BadInputException>(() => Read("nowhere.conllu", antecedentFirst: true)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_small_world_says_the_same_with_either_noun_as_antecedent()
    {
        string[] first = Texts(antecedentFirst: true), second = Texts(antecedentFirst: false);

        Assert.Contains("a star on a table", first);
        Assert.Contains("a table with a star", first);
        Assert.Contains("a star is on a table", second);
        Assert.Contains("an avocado is in a box", second);
        Assert.Empty(first.Intersect(second));
        Assert.DoesNotContain(first.Concat(second), text => text.Contains("barn owl", StringComparison.Ordinal));

        string[] Texts(bool antecedentFirst) =>
            [
                .. CaptionPrompts
                    .Read(new PromptSource.FromCaptions(null, default, antecedentFirst), RepositoryFiles.Mini)
                    .Select(prompt => prompt.Text),
            ];
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private IReadOnlyList<SampledPrompt> Read(string name, bool antecedentFirst) =>
        CaptionPrompts.Read(
            new PromptSource.FromCaptions(name, new SourceLocation(Path.Combine(_folder, "spec.yaml"), 7, 15), antecedentFirst),
            RepositoryFiles.Mini);
}
