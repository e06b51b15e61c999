using DiffusionLens;
using DiffusionLens.Tokenizers;

namespace Experiments.Plans;

/// <summary>How the encoders that a site looks into read a text.</summary>
internal delegate IReadOnlyList<TokenizedPrompt> PromptTokens(LensSite site, string text);
