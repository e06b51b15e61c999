using Microsoft.Playwright;

namespace Experiments.Tests.Annotation;

/// <summary>The system's Chromium, without a window.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Variable = "DLENS_CHROMIUM", Usual = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is none; null where there is. Where the variable names one it must be there: so it is in CI.</summary>
    public static string? Missing =>
        Named is null && !File.Exists(Usual) ? $"there is no {Usual}; install Chromium, or name one in {Variable}" : null;

    private static string? Named => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    public async Task InitializeAsync()
    {
        if (Missing is null)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions { ExecutablePath = Named ?? Usual, Args = ["--no-sandbox"] });
        }
    }

    /// <summary>A browser that shares nothing with the others.</summary>
    public async Task<IPage> OpenAsync()
    {
        IPage page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
