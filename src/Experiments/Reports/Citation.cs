using System.Reflection;

namespace Experiments.Reports;

/// <summary>What is to be cited, as BibTeX.</summary>
/// <param name="Name">How a text names it, such as <c>Toker et al., ACL 2024</c>.</param>
/// <param name="BibTeX">The entry, without a line end behind it.</param>
internal sealed record Citation(string Name, string BibTeX)
{
    /// <summary>The paper whose method it all is.</summary>
    public static Citation Method { get; } = new("Toker et al., ACL 2024", """
        @inproceedings{toker2024diffusionlens,
          title     = {Diffusion Lens: Interpreting Text Encoders in Text-to-Image Pipelines},
          author    = {Toker, Michael and Orgad, Hadas and Ventura, Mor and Arad, Dana and Belinkov, Yonatan},
          booktitle = {Proceedings of the 62nd Annual Meeting of the Association for Computational Linguistics (Volume 1: Long Papers)},
          publisher = {Association for Computational Linguistics},
          address   = {Bangkok, Thailand},
          month     = aug,
          year      = {2024},
          pages     = {9713--9728},
          doi       = {10.18653/v1/2024.acl-long.524},
          eprint    = {2403.05846},
          archivePrefix = {arXiv}
        }
        """);

    /// <summary>This program, in its version.</summary>
    public static Citation Tool { get; } = new($"DiffusionLens {Version}", $$$"""
        @software{diffusionlens,
          title   = {{{{ToolTitle}}}},
          author  = {{The DiffusionLens authors}},
          version = {{{{Version}}}},
          license = {MIT},
          year    = {2026}
        }
        """);

    private const string ToolTitle = @"DiffusionLens: the Diffusion Lens in {C\#} on {TorchSharp}";

    // By their numbers on arXiv.
    private static readonly Dictionary<string, Citation> Known = new()
    {
        ["2403.05846"] = Method,
        ["2504.01137"] = new("Kaplan et al., ACL 2026", """
            @inproceedings{kaplan2026follow,
              title     = {Follow the Flow: On Information Flow Across Textual Tokens in Text-to-Image Models},
              author    = {Kaplan, Guy and Toker, Michael and Reif, Yuval and Belinkov, Yonatan and Schwartz, Roy},
              booktitle = {Proceedings of the 64th Annual Meeting of the Association for Computational Linguistics (Volume 1: Long Papers)},
              year      = {2026},
              eprint    = {2504.01137},
              archivePrefix = {arXiv}
            }
            """),
        ["2501.06751"] = new("Toker et al., NAACL 2025", """
            @inproceedings{toker2025padding,
              title     = {Padding Tone: A Mechanistic Analysis of Padding Tokens in {T2I} Models},
              author    = {Toker, Michael and Galil, Ido and Orgad, Hadas and Gal, Rinon and Tewel, Yoad and Chechik, Gal
                           and Belinkov, Yonatan},
              booktitle = {Proceedings of the 2025 Conference of the Nations of the Americas Chapter of the Association for Computational
                           Linguistics: Human Language Technologies (Volume 1: Long Papers)},
              publisher = {Association for Computational Linguistics},
              address   = {Albuquerque, New Mexico},
              year      = {2025},
              pages     = {7618--7632},
              doi       = {10.18653/v1/2025.naacl-long.389},
              eprint    = {2501.06751},
              archivePrefix = {arXiv}
            }
            """),
        ["2502.08690"] = new("Seo et al., ICML 2025", """
            @inproceedings{seo2025skrr,
              title     = {Skrr: Skip and Re-use Text Encoder Layers for Memory Efficient Text-to-Image Generation},
              author    = {Seo, Hoigi and Jeong, Wongi and Seo, Jae-sun and Chun, Se Young},
              booktitle = {Proceedings of the 42nd International Conference on Machine Learning},
              series    = {Proceedings of Machine Learning Research},
              volume    = {267},
              year      = {2025},
              pages     = {53867--53905},
              eprint    = {2502.08690},
              archivePrefix = {arXiv}
            }
            """),
        ["2506.08210"] = new("Wang et al., CVPR 2025", """
            @inproceedings{wang2025comprehensive,
              title     = {A Comprehensive Study of Decoder-Only {LLMs} for Text-to-Image Generation},
              author    = {Wang, Andrew Z. and Ge, Songwei and Karras, Tero and Liu, Ming-Yu and Balaji, Yogesh},
              booktitle = {Proceedings of the Computer Vision and Pattern Recognition Conference (CVPR)},
              year      = {2025},
              pages     = {28575--28585},
              eprint    = {2506.08210},
              archivePrefix = {arXiv}
            }
            """),
    };

    /// <summary>The version of this program, without the commit that it was built from.</summary>
    internal static string Version =>
        typeof(Citation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>A paper on arXiv; of one that is not known there is only where it is.</summary>
    /// <param name="number">Its number, such as <c>2504.01137</c>.</param>
    public static Citation OfArxiv(string number) => Known.GetValueOrDefault(number) ?? new Citation($"arXiv {number}", $$"""
        @misc{arxiv-{{number}},
          title  = {arXiv:{{number}}},
          year   = {20{{number[..2]}}},
          eprint = {{{number}}},
          archivePrefix = {arXiv},
          url    = {https://arxiv.org/abs/{{number}}}
        }
        """);

    /// <summary>What whoever uses an experiment's results is to cite: the method, the tool, and the papers that the experiment
    /// follows.</summary>
    /// <param name="arxiv">Their numbers on arXiv.</param>
    public static IReadOnlyList<Citation> All(IEnumerable<string> arxiv) => [.. new[] { Method, Tool }.Union(arxiv.Select(OfArxiv))];

    /// <summary>Entries one below the other, an empty line between them.</summary>
    public static string Text(IEnumerable<Citation> citations) => string.Join("\n\n", citations.Select(citation => citation.BibTeX)) + "\n";
}
