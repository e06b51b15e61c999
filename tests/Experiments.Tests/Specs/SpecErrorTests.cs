using DiffusionLens;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Specs;

/// <summary>Every way in which a spec can be wrong, with the exact line that a user reads.</summary>
public sealed class SpecErrorTests
{
    [Theory]
    [InlineData(
        "layers: every 1/6",
        "lyers: every 1/6",
        "3:1: 'lyers' is no key of the spec; did you mean 'layers'?")]
    [InlineData("layers: every 1/6", "layers: every 1/6\nlayers: all", "4:1: the key 'layers' stands in line 3 already; keep one")]
    [InlineData("title: Small", "", "1:1: the spec lacks the key 'title'; add for example title: Objects and their colors")]
    [InlineData("title: Small", "title:", "2:7: nothing stands here; it should be a title such as Objects and their colors")]
    [InlineData("title: Small", "title: [a, b]", "2:8: a list stands here; it should be a title such as Objects and their colors")]
    [InlineData(
        "title: Small",
        "title: {a: b}",
        "2:8: a block of entries stands here; it should be a title such as Objects and their colors"
    )]
    [InlineData(
        "version: 1",
        "version: 2\nnew: x",
        "1:10: '2' stands here; it should be 1, the version of the language that this program reads"
    )]
    [InlineData(
        "title: Small",
        "title: Small\ncites: Toker et al.",
        "3:8: 'Toker et al.' stands here; it should be a paper's number on arXiv such as 2504.01137")]
    [InlineData("title: Small", "title: Small\ncites: [2403.05846, 2403.05846]", "3:21: '2403.05846' is listed twice; keep one")]
    [InlineData("version: 1", "# none", "2:1: the spec lacks its version; begin with version: 1")]
    [InlineData(
        "version: 1",
        "version: 1\nextra: 1",
        "2:1: 'extra' is no key of the spec; did you mean 'title'?")]
    [InlineData(
        "layers: every 1/6",
        "layers: evry 4",
        "3:9: 'evry 4' stands here; it should be every 1/6 (counted back from the last), every 4, all, last, or a list such as [0, 8, 12]"
    )]
    [InlineData(
        "layers: every 1/6",
        "layers: 4",
        "3:9: '4' stands here; it should be every 1/6 (counted back from the last), every 4, all, last, or a list such as [0, 8, 12]"
    )]
    [InlineData("layers: every 1/6", "layers: [0, 4, four]", "3:16: 'four' stands here; it should be the number of a layer, 0 to 999")]
    [InlineData("layers: every 1/6", "layers: [0, 4, 4]", "3:16: '4' is listed twice; keep one")]
    [InlineData(
        "layers: every 1/6",
        "layers: []",
        "3:9: an empty list stands here; it should be every 1/6 (counted back from the last), "
            + "every 4, all, last, or a list such as [0, 8, 12]"
    )]
    [InlineData("layers: every 1/6", "layers: [0, 4000]", "3:13: '4000' stands here; it should be the number of a layer, 0 to 999")]
    [InlineData(
        "layers: every 1/6",
        "layers: every 0",
        "3:9: 'every 0' stands here; it should be every 1/6 (counted back from the last), every 4, all, last, or a list such as [0, 8, 12]"
    )]
    [InlineData("layers: every 1/6", "\tlayers: all", "3:1: a tab at the beginning of a line; indent with spaces")]
    [InlineData(
        "layers: every 1/6",
        "layers: {every: 4}",
        "3:9: a block of entries stands here; it should be every 1/6 (counted back from the last), every 4, "
            + "all, last, or a list such as [0, 8, 12]"
    )]
    [InlineData(
        "seeds: 4",
        "seeds: four",
        "4:8: 'four' stands here; it should be a list such as [0, 7], or how many (4 is 0 to 3), 1 to 1000"
    )]
    [InlineData("seeds: 4", "seeds: 0", "4:8: '0' stands here; it should be a list such as [0, 7], or how many (4 is 0 to 3), 1 to 1000")]
    [InlineData(
        "seeds: 4",
        "seeds: 1001",
        "4:8: '1001' stands here; it should be a list such as [0, 7], or how many (4 is 0 to 3), 1 to 1000"
    )]
    [InlineData(
        "seeds: 4",
        "seeds: 2.5",
        "4:8: '2.5' stands here; it should be a list such as [0, 7], or how many (4 is 0 to 3), 1 to 1000"
    )]
    [InlineData("seeds: 4", "seeds: [0, -1]", "4:12: '-1' stands here; it should be a seed, 0 to 18446744073709551615")]
    [InlineData("seeds: 4", "seeds: [0, 1, 0]", "4:15: '0' is listed twice; keep one")]
    [InlineData(
        "seeds: 4",
        "seeds: 4\nprompt seed: x",
        "5:14: 'x' stands here; it should be a seed for the drawing of prompts, 0 to 2147483647"
    )]
    [InlineData(
        "scheduler: ddim",
        "scheduler: dimm",
        "5:22: 'dimm' is no scheduler; did you mean 'ddim'?"
    )]
    [InlineData("steps: 20", "steps: 0", "5:35: '0' stands here; it should be the number of denoising steps, 1 to 1000")]
    [InlineData("steps: 20", "steps: 1001", "5:35: '1001' stands here; it should be the number of denoising steps, 1 to 1000")]
    [InlineData("steps: 20", "steps: 20, guidance: -1", "5:49: '-1' stands here; it should be the scale of the guidance, 0 to 100")]
    [InlineData("steps: 20", "steps: 20, height: 500", "5:47: '500' stands here; it should be a length in pixels, a multiple of 8")]
    [InlineData(
        "steps: 20",
        "step: 20",
        "5:28: 'step' is no key of the sampler; did you mean 'steps'? (one of: scheduler, scheduler config, steps, guidance, height, "
            + "width, resolution binning)"
    )]
    [InlineData(
        "{scheduler: ddim, steps: 20}",
        "{scheduler: ddim, scheduler config: eta}",
        "5:46: 'eta' stands here; it should be keys of a scheduler_config.json, such as use_karras_sigmas: true"
    )]
    [InlineData(
        "{scheduler: ddim, steps: 20}",
        "{scheduler: ddim, scheduler config: {eta: {a: b}}}",
        "5:52: a block of entries stands here; it should be a value such as true, 0.5 or sigma_min"
    )]
    [InlineData(
        "{scheduler: ddim, steps: 20}",
        "ddim",
        "5:10: 'ddim' stands here; it should be the sampler, with the keys scheduler, scheduler config, steps, guidance, height, width, "
            + "resolution binning"
    )]
    [InlineData(
        "\"{a object}\", sample: 3",
        "{a object}, sample: 3",
        "7:22: a block of entries stands here; it should be a text, in quotes as it begins with a brace: \"{a object}\""
    )]
    [InlineData(
        "\"{a object}\", sample: 3",
        "\"{a object\", sample: 3",
        "7:23: '{' without its other brace; a slot is {object}, {a object} with its article, or {object'} for a second one"
    )]
    [InlineData(
        "\"{a object}\", sample: 3",
        "\"a object}\", sample: 3",
        "7:31: '}' without its other brace; a slot is {object}, {a object} with its article, or {object'} for a second one"
    )]
    [InlineData(
        "\"{a object}\", sample: 3",
        "\"{a {object}}\", sample: 3",
        "7:23: '{' without its other brace; a slot is {object}, {a object} with its article, or {object'} for a second one"
    )]
    [InlineData(
        "\"{a object}\", sample: 3",
        "\"{}\", sample: 3",
        "7:23: '{}' is no slot; a slot is {object}, {a object} with its article, or {object'} for a second one"
    )]
    [InlineData(
        "\"{a object}\", sample: 3",
        "\"{the object?}\", sample: 3",
        "7:23: '{the object?}' is no slot; a slot is {object}, {a object} with its article, or {object'} for a second one"
    )]
    [InlineData(
        "\"{a object}\", sample: 3",
        "\"{object'}\", sample: 3",
        "7:23: \"object'\" without 'object'; primes count on from a first: write {object}"
    )]
    [InlineData("\"{a object}\", sample: 3", "\"{a}{b}{c}{d}{e}{f}{g}{h}{i}\", sample: 3", "7:22: 9 slots; a template has at most 8")]
    [InlineData("sample: 3", "sample: 0", "7:44: '0' stands here; it should be how many prompts to draw, 1 to 1000")]
    [InlineData("sample: 3", "sample: many", "7:44: 'many' stands here; it should be how many prompts to draw, 1 to 1000")]
    [InlineData("sample: 3, ", "", "7:11: the condition 'object' lacks the key 'sample'; add for example sample: 24")]
    [InlineData(
        "sample: 3",
        "samples: 3",
        "7:36: 'samples' is no key of the condition 'object'; "
            + "did you mean 'sample'? (one of: template, sample, right, words, from, site, text, final norm)"
    )]
    [InlineData("sample: 3", "sample: 3, words: {color: [red]}", "7:55: 'color' is no slot of its template; the only one is 'object'")]
    [InlineData("sample: 3", "sample: 3, words: {object: []}", "7:63: an empty list stands here; it should be a word, or a list of them")]
    [InlineData(
        "sample: 3",
        "sample: 3, words: [car]",
        "7:54: a list stands here; it should be slots with lists of words, such as {color: [red, blue]}"
    )]
    [InlineData("right: has object}", "right: has objet}", "7:54: 'has objet' is no question of 'object'; the only one is 'has object'")]
    [InlineData("right: has object}", "right: has color}", "7:54: 'has color' is no question of 'object'; the only one is 'has object'")]
    [InlineData("right: [has object, has object']", "right: [has object, has object]", "8:88: 'has object' is listed twice; keep one")]
    [InlineData(
        "right: [has object, has object']",
        "right: []",
        "8:75: an empty list stands here; it should be a question of 'two', or a list of them"
    )]
    [InlineData(
        "  two: {template",
        "  Two!: {template: \"{a object}\", sample: 1, right: has object}\n  two: {template",
        "9:3: 'two' and 'Two!' would share the folder two; rename one"
    )]
    [InlineData("of: [object, two]}", "of: [object, tow]}", "10:81: 'tow' is no condition; did you mean 'two'? (one of: object, two)")]
    [InlineData("of: [object, two]}", "of: [object, object]}", "10:81: 'object' is listed twice; keep one")]
    [InlineData(
        "of: [object, two]}",
        "of: {object: two}}",
        "10:72: a block of entries stands here; it should be a condition, or a list of them"
    )]
    [InlineData(
        "\"Is there {a object}?\"",
        "\"Is there {a color}?\"",
        "10:31: 'color' is no slot of the prompts of 'object'; the only one is 'object'"
    )]
    [InlineData(
        "\"Is there {a object'}?\"",
        "\"Is there {a objekt'}?\"",
        "11:32: \"objekt'\" is no slot of the prompts of 'two'; did you mean \"object'\"? (one of: color, object, object')"
    )]
    [InlineData(
        "\"Is there {a object'}?\"",
        "Is there {a objekt'}?",
        "11:31: not YAML: While parsing a flow mapping, did not find expected ',' or '}'; mind quotes, brackets and indentation"
    )]
    [InlineData(
        "sees: {thing: object}",
        "sees: {thing: objekt}",
        "10:59: 'objekt' is no slot of the prompts of 'object'; the only one is 'object'"
    )]
    [InlineData(
        "sees: {thing: object}",
        "sees: {thing: a object}",
        "10:59: 'a object' names no slot; write it as in the template, without braces and article: object or object'"
    )]
    [InlineData(
        "sees: {thing: object}",
        "sees: {}",
        "10:51: an empty block stands here; it should be what 'has object' sees, with the keys thing, color, "
            + "relation, to, class of, gender of, trade of"
    )]
    [InlineData(
        "sees: {thing: object}",
        "sees: object",
        "10:51: 'object' is no thing to see without saying which; did you mean 'animal'? (one of: animal, person)"
    )]
    [InlineData(
        "sees: {thing: object}",
        "sees: {think: object}",
        "10:52: 'think' is no key of what 'has object' sees; "
            + "did you mean 'thing'? (one of: thing, color, relation, to, class of, gender of, trade of)"
    )]
    [InlineData(
        "sees: {color: color}",
        "sees: {thing: color}",
        "12:55: 'color' stands here; it should be a slot of a thing, such as object; a color goes under color:"
    )]
    [InlineData(
        "sees: {color: color}",
        "sees: {color: object}",
        "12:55: 'object' stands here; it should be a slot of a color: color or color'"
    )]
    [InlineData(
        "sees: {thing: object'}",
        "sees: {thing: object', to: object}",
        "11:74: 'to' without 'relation'; write for example {thing: object, relation: any, to: object'}"
    )]
    [InlineData(
        "sees: {thing: object'}",
        "sees: {thing: object', relation: in, to: object}",
        "11:80: 'in' is no slot of the prompts of 'two'; did you mean 'color'? (one of: color, object, object')"
    )]
    [InlineData(
        "sees: {thing: object'}",
        "sees: {thing: object', relation: any}",
        "11:80: a relation is of one thing to another; write for example {thing: object, relation: any, to: object'}"
    )]
    [InlineData(
        "sees: {thing: object}",
        "sees: {class of: animal}",
        "10:62: 'animal' is no slot of the prompts of 'object'; the only one is 'object'"
    )]
    [InlineData(
        "\"Is there {a object}?\"",
        "\"Is there {a class of animal}?\"",
        "10:31: 'animal' is no slot of the prompts of 'object'; the only one is 'object'"
    )]
    [InlineData("sample: 3", "sample: 3, from: {color: own color}", "7:54: 'color' is no slot of its template; the only one is 'object'")]
    [InlineData(
        "sample: 3",
        "sample: 3, final norm: maybe",
        "7:59: 'maybe' is no answer about the final norm; did you mean 'yes'? (one of: yes, no)"
    )]
    [InlineData(
        "{template: \"{a object}\", sample: 3, right: has object}",
        "{same as: two}",
        "7:21: 'two' is no condition above it; there is none"
    )]
    [InlineData(
        "{template: \"{a object}\", sample: 3, right: has object}",
        "{captions: grammar, antecedent: third, sample: 3, right: has object}",
        "7:43: 'third' is no place of the antecedent; did you mean 'first'? (one of: first, second)"
    )]
    [InlineData(
        "{template: \"{a object}\", sample: 3, right: has object}",
        "{csv: a.csv, template: \"{a object}\", right: has object}",
        "7:24: 'template' is no key of the condition 'object'; "
            + "did you mean 'sample'? (one of: csv, prompt, columns, where, words, sample, right, site, text, final norm)"
    )]
    [InlineData(
        "  has color: {ask",
        "  has color: {aks",
        "12:15: 'aks' is no key of the question 'has color'; did you mean 'ask'? (one of: ask, sees, of)"
    )]
    [InlineData(
        "rows: right in the last layer",
        "rows: right in the first layer",
        "16:11: 'right in the first layer' is no choice of rows; did you mean 'right in the last layer'? (one of: "
            + "right in the last layer, all)"
    )]
    [InlineData(
        "Object: {right: object}",
        "Object: {right: objects}",
        "18:23: 'objects' is no condition; did you mean 'object'? (one of: object, two)"
    )]
    [InlineData(
        "Object: {right: object}",
        "Object: {right: object, of: two}",
        "18:35: 'of' beside 'right'; 'right' names its conditions itself: right: object"
    )]
    [InlineData(
        "Object: {right: object}",
        "Object: {of: object}",
        "18:15: the curve 'Object' has none of right, wrong, yes, no, all, any; give one"
    )]
    [InlineData(
        "Object: {right: object}",
        "Object: {yes: has object, any: has color, of: two}",
        "18:15: the curve 'Object' has more than one of right, wrong, yes, no, all, any; give one"
    )]
    [InlineData(
        "Object: {right: object}",
        "Object: {yes: [has object], of: object}",
        "18:21: a list stands here; it should be a question of 'object'"
    )]
    [InlineData(
        "Object: {right: object}",
        "Object: {yes: has color, of: object}",
        "18:21: 'has color' is no question of 'object'; the only one is 'has object'"
    )]
    [InlineData(
        "{any: [has object, has object'], of: two}",
        "{any: [has object, has object'], of: object}",
        "19:34: \"has object'\" is no question of 'object'; the only one is 'has object'"
    )]
    [InlineData(
        "{any: [has object, has object'], of: two}",
        "{any: [has object, has object']}",
        "19:15: the curve 'Either' lacks the key 'of'; add for example of: object"
    )]
    [InlineData(
        "      Either: {any: [has object, has object'], of: two}",
        "      Object: {right: two}",
        "19:7: the key 'Object' stands in line 18 already; keep one"
    )]
    [InlineData("  fig-1:", "  Fig 1:", "14:3: 'Fig 1' is to name files, so it is made of a-z, 0-9 and -; write fig-1")]
    [InlineData("prompts: 2", "prompts: 0", "21:65: '0' stands here; it should be how many prompts of each condition, 1 to 100")]
    [InlineData(
        "title: Curves",
        "title: &a Curves",
        "15:12: an anchor or alias (& or *); a spec has none: write the value out, in quotes if it begins so"
    )]
    [InlineData(
        "title: Curves",
        "title: *a",
        "15:12: an anchor or alias (& or *); a spec has none: write the value out, in quotes if it begins so"
    )]
    [InlineData(
        "title: Curves",
        "title: !!str Curves",
        "15:12: a tag (!); a spec has none: leave it out, or put the value in quotes if it begins so"
    )]
    [InlineData(
        "title: Curves",
        "title: \"Curves",
        "15:12: not YAML: While scanning a multi-line double-quoted scalar, found wrong indentation; mind quotes, brackets and indentation"
    )]
    [InlineData(
        "title: Curves",
        "title: 'It''s' x",
        "15:20: not YAML: While parsing a block mapping, did not find expected key; mind quotes, brackets and indentation"
    )]
    [InlineData("title: Curves", "title: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "15:22: nested deeper than 12; no spec needs that")]
    [InlineData(
        "title: Curves",
        "title: Curves: more",
        "15:18: not YAML: While scanning a plain scalar value, found invalid mapping; mind quotes, brackets and indentation"
    )]
    [InlineData("title: Small", "title: Small\n---\ntitle: x", "3:1: a second document begins; a spec is one document, without ---")]
    [InlineData(
        "title: Small",
        "title: Small\n  indented: 1",
        "3:11: not YAML: While scanning a plain scalar value, found invalid mapping; mind quotes, brackets and indentation"
    )]
    [InlineData("seeds: 4", "? [a, b]\n: 4", "4:3: a list stands here; it should be a key")]
    public void A_mistake_is_named_with_its_place_and_what_would_be_right(string old, string replacement, string error) =>
        Assert.Equal(
            $"small.yaml:{error}",
            Assert.Throws<BadInputException>(() => SmallSpec.Read(SmallSpec.With(old, replacement))).Message);

    [Theory]
    [InlineData("", "1:1: the file is empty; a spec begins with version: 1")]
    [InlineData("# only a comment\n", "1:1: the file is empty; a spec begins with version: 1")]
    [InlineData("just text", "1:1: 'just text' stands here; it should be a spec, which begins with version: 1")]
    [InlineData("- a\n", "1:1: a list stands here; it should be a spec, which begins with version: 1")]
    [InlineData("\uFEFFversion: 2\n", "1:10: '2' stands here; it should be 1, the version of the language that this program reads")]
    public void A_file_that_is_no_spec_at_all_is_refused(string text, string error) =>
        Assert.Equal($"small.yaml:{error}", Assert.Throws<BadInputException>(() => SmallSpec.Read(text)).Message);

    [Fact]
    public void A_message_stays_one_line_whatever_the_file_says()
    {
        string text = SmallSpec.With("rows: all", "rows: \"a\\n\\nb\"");

        string message = Assert.Throws<BadInputException>(() => SmallSpec.Read(text)).Message;

        Assert.Equal("small.yaml:21:32: 'a  b' is no choice of rows; did you mean 'all'? (one of: right in the last layer, all)", message);
    }

    [Theory]
    [InlineData("\\0")]
    [InlineData("\\e")]
    [InlineData("\\uFFFF")]
    public void What_is_no_text_is_refused(string escape) => Assert.Equal(
        "small.yaml:21:32: a control character or half a letter, which no text has; leave it out",
        Assert.Throws<BadInputException>(() => SmallSpec.Read(SmallSpec.With("rows: all", $"rows: \"a{escape}b\""))).Message);

    [Fact]
    public void A_bomb_of_aliases_is_refused_at_its_first_anchor()
    {
        string text = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n";

        Assert.StartsWith(
            "small.yaml:1:4: an anchor or alias",
            Assert.Throws<BadInputException>(() => SmallSpec.Read(text)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_file_is_refused() => Assert.Equal(
        "small.yaml: more than 262144 bytes; no spec needs so many",
        Assert.Throws<BadInputException>(() => SmallSpec.Read(new string('#', 300_000))).Message);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_named_with_their_line()
    {
        string message = Assert.Throws<BadInputException>(() => SmallSpec.Read([.. "version: 1\ntitle: "u8, 0xFF, .. "\n"u8])).Message;

        Assert.Equal("small.yaml:2:1: not UTF-8 text; save the file as UTF-8", message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.StartsWith(
            "nowhere/spec.yaml: there is no such file",
            Assert.Throws<BadInputException>(() => (Spec)ExperimentReader.Read("nowhere/spec.yaml")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_no_spec() =>
        Assert.StartsWith(
            $"{Path.GetTempPath()}: is a folder, not a file",
            Assert.Throws<BadInputException>(() => (Spec)ExperimentReader.Read(Path.GetTempPath())).Message,
            StringComparison.Ordinal);
}
