namespace DiffusionLens.Tokenizers;

/// <summary>Turns a prompt into the ids that a text encoder reads. Safe to use from several threads.</summary>
public abstract class PromptTokenizer
{
    private protected PromptTokenizer(int modelMaxLength) => ModelMaxLength = modelMaxLength;

    /// <summary>Tokens in each prompt, padding included (77 for Stable Diffusion and DeepFloyd IF); at least 2.</summary>
    public int ModelMaxLength { get; }

    /// <summary>How many ids there are; all are below it.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Reads a tokenizer's folder: T5's where a <c>spiece.model</c> lies in it, otherwise CLIP's.</summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public static PromptTokenizer FromFolder(string folder) =>
        File.Exists(Path.Combine(folder, TokenizerFolder.SentencePieces))
            ? T5Tokenizer.FromFolder(folder)
            : ClipTokenizer.FromFolder(folder);

    /// <summary>Whether a folder holds a tokenizer's own files.</summary>
    public static bool IsFolder(string folder) =>
        File.Exists(Path.Combine(folder, TokenizerFolder.SentencePieces)) || File.Exists(Path.Combine(folder, TokenizerFolder.Vocabulary));

    /// <summary>The prompt's ids, cut or padded to <see cref="ModelMaxLength"/>. Any text is taken.</summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime has no ICU.</exception>
    public abstract TokenizedPrompt Encode(string text);
}
