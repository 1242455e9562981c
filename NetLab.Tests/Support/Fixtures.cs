namespace NetLab.Tests.Support;

/// <summary>Finds the captures that lie beside the repository, not in it: a test that needs them is skipped where they are not.</summary>
internal static class Fixtures
{
    private static readonly Lazy<string?> Root = new(FindRoot);

    /// <summary>The folder of fixtures; skips the running test where there is none.</summary>
    public static string Folder
    {
        get
        {
            Assert.SkipUnless(Root.Value is not null, "shared/fixtures is not beside any folder above the tests");
            return Root.Value!;
        }
    }

    /// <summary>All captures, by name.</summary>
    public static IReadOnlyList<string> Captures => [.. Directory.GetFiles(Path.Combine(Folder, "pcaps")).Order(StringComparer.Ordinal)];

    /// <summary>The path of a file of expectations.</summary>
    public static string Expected(params string[] parts) => Path.Combine([Folder, "expected", .. parts]);

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "fixtures");
            if (Directory.Exists(Path.Combine(candidate, "pcaps")))
                return candidate;
        }

        return null;
    }
}
