namespace MiniWorld.Tests;

public class CaptionGrammarTests
{
    [Fact]
    public void The_predicate_is_the_root_of_a_sentence() => Assert.Contains(
        """
        # text = a barn owl is in a box
        1	a	a	DET	_	_	3	det	_	_
        2	barn	barn	NOUN	_	_	3	compound	_	_
        3	owl	owl	NOUN	_	_	7	nsubj	_	_
        4	is	is	AUX	_	_	7	cop	_	_
        5	in	in	ADP	_	_	7	case	_	_
        6	a	a	DET	_	_	7	det	_	_
        7	box	box	NOUN	_	_	0	root	_	_

        """.ReplaceLineEndings("\n"),
        Text(),
        StringComparison.Ordinal);

    [Fact]
    public void What_comes_second_in_a_noun_phrase_depends_on_what_comes_first() => Assert.Contains(
        """
        # text = a table with an apple
        1	a	a	DET	_	_	2	det	_	_
        2	table	table	NOUN	_	_	0	root	_	_
        3	with	with	ADP	_	_	5	case	_	_
        4	an	an	DET	_	_	5	det	_	_
        5	apple	apple	NOUN	_	_	2	nmod	_	_

        """.ReplaceLineEndings("\n"),
        Text(),
        StringComparison.Ordinal);

    [Fact]
    public void Every_thing_is_in_every_container_and_on_every_surface_in_three_ways()
    {
        int places = Mini.Lexicon.Group("container").Count + Mini.Lexicon.Group("surface").Count;

        int captions = CaptionGrammar.Conllu(Mini.Lexicon).Count(line => line.StartsWith('#'));
        Assert.Equal(3 * places * Mini.Lexicon.Group("movable").Count, captions);
    }

    private static string Text() => string.Join('\n', CaptionGrammar.Conllu(Mini.Lexicon)) + "\n";
}
