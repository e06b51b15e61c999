namespace DiffusionLens.Tokenizers;

/// <summary>The words of a prompt and their tokens.</summary>
internal static class PromptWords
{
    /// <inheritdoc cref="TokenizedPrompt.Words"/>
    public static IReadOnlyList<PromptWord> Of(string text, IReadOnlyList<TokenPlace> places)
    {
        List<TextSpan> spans = Spans(text);
        List<int>[] positions = [.. spans.Select(_ => new List<int>())];
        for (int position = 0; position < places.Count; position++)
        {
            if (places[position] is { Span: { } span, Role: not (TokenRole.Head or TokenRole.Tail) }
                && FirstEndingBehind(span.Start) is { } word)
            {
                positions[word].Add(position);
            }
        }

        return [.. spans.Select((span, word) => new PromptWord(text[span.Start..span.End], positions[word]))];

        int? FirstEndingBehind(int character)
        {
            int low = 0, high = spans.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = spans[middle].End > character ? (low, middle) : (middle + 1, high);
            }

            return low < spans.Count ? low : null;
        }
    }

    /// <summary>Every occurrence of a word that has tokens.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static IReadOnlyList<PromptWord> Occurrences(TokenizedPrompt prompt, string word)
    {
        int length = word.Split(' ').Length;
        IReadOnlyList<PromptWord> words = length == 1 ? prompt.Words : Runs(prompt.Words, length);
        PromptWord[] occurrences = [.. words.Where(other => other.Text == word)], read = [.. occurrences.Where(other => other.Positions is not [])];
        if (read is not [])
        {
            return read;
        }

        string reason = occurrences is [] ? "is not a word of the prompt"
            : prompt.Cut is not null && occurrences.All(lost => words.SkipWhile(other => other != lost).All(other => other.Positions is []))
                ? $"is in the part that is cut off, behind the first {prompt.Cut.Read} tokens, of the prompt"
            : "has no token of its own in the prompt";
        string there = string.Join(", ", prompt.Words.Where(other => other.Positions is not []).Select(other => other.Text).Distinct());
        throw new BadInputException(
            $"\"{OneLine(word)}\" {reason} \"{OneLine(prompt.Text)}\"; "
            + (there.Length == 0 ? "it has no words" : $"its words, which are what stands between blanks, are {there}"));
    }

    /// <summary>So many words, one after another, as one: "fire hydrant". Where a part of it is cut off it has no tokens.</summary>
    private static PromptWord[] Runs(IReadOnlyList<PromptWord> words, int length) =>
    [
        .. from first in Enumerable.Range(0, Math.Max(0, words.Count - length + 1))
           let run = words.Skip(first).Take(length).ToArray()
           let isRead = run.All(word => word.Positions is not [])
           select new PromptWord(
               string.Join(' ', run.Select(word => word.Text)), isRead ? [.. run.SelectMany(word => word.Positions)] : []),
    ];

    /// <inheritdoc cref="TokenizedPrompt.PairsWith"/>
    public static IReadOnlyList<TokenPair> Pairs(TokenizedPrompt prompt, TokenizedPrompt source, string word)
    {
        IReadOnlyList<PromptWord> here = Occurrences(prompt, word), there = Occurrences(source, word);
        List<TokenPair> pairs = [];
        for (int i = 0; i < here.Count; i++)
        {
            PromptWord partner = there[Math.Min(i, there.Count - 1)];
            if (partner.Positions.Count < here[i].Positions.Count)
            {
                throw new BadInputException(
                    $"\"{word}\" has {here[i].Positions.Count} tokens in \"{OneLine(prompt.Text)}\" and {partner.Positions.Count} in "
                    + $"\"{OneLine(source.Text)}\"; each needs one there whose state it shows");
            }

            pairs.AddRange(here[i].Positions.Zip(partner.Positions, (position, from) => new TokenPair(position, from)));
        }

        return pairs;
    }

    /// <summary>A text with one blank wherever it has white space.</summary>
    public static string OneLine(string text) => string.Join(' ', Spans(text).Select(span => text[span.Start..span.End]));

    private static List<TextSpan> Spans(string text)
    {
        List<TextSpan> spans = [];
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = start + 1;
            if (!PythonText.IsSpace(text[start]))
            {
                while (end < text.Length && !PythonText.IsSpace(text[end]))
                {
                    end++;
                }

                spans.Add(new TextSpan(start, end));
            }
        }

        return spans;
    }
}
