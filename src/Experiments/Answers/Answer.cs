namespace Experiments.Answers;

/// <summary>One annotator's answer to one question about one image: a line of <c>answers.csv</c>.</summary>
/// <param name="PromptNumber">The prompt's number within the plan, from 0.</param>
/// <param name="Condition">The prompt's condition.</param>
/// <param name="Prompt">The prompt as the model was given it.</param>
/// <param name="Seed">The seed of the image's noise.</param>
/// <param name="Layer">The layer the image was made through, 0 to L.</param>
/// <param name="Question">The question's name in the spec.</param>
/// <param name="Score">How sure the annotator is, on a scale of its own (a recognizer's goes from 0 to 1); null where it has none.</param>
/// <param name="Yes">The answer; null where the question is still open.</param>
/// <param name="Annotator">Who answered: a recognizer's name, a person's.</param>
/// <param name="Asked">The question in words.</param>
/// <param name="Image">The image's file below the results folder, with forward slashes.</param>
/// <param name="ImageSha256">The first 16 hexadecimal digits of the SHA-256 of that file as it was when the question was asked;
/// empty where that is not known. An answer to an image that has changed since does not count.</param>
public sealed record Answer(
    int PromptNumber,
    string Condition,
    string Prompt,
    int Seed,
    int Layer,
    string Question,
    double? Score,
    bool? Yes,
    string Annotator,
    string Asked = "",
    string Image = "",
    string ImageSha256 = "");
