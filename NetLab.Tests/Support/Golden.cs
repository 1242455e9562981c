namespace NetLab.Tests.Support;

/// <summary>
/// A screen's expectation is its text, in Golden/Screens/NAME.txt. With NETLAB_GOLDEN=write the files are written instead of compared: look at them before
/// they are committed.
/// </summary>
internal static class Golden
{
    public static void Check(string name, string text)
    {
        string file = Path.Combine(Folder(), $"{name}.txt");
        if (Environment.GetEnvironmentVariable("NETLAB_GOLDEN") == "write")
            File.WriteAllText(file, text + "\n");
        Assert.True(File.Exists(file), $"{file} is missing; run once with NETLAB_GOLDEN=write.");
        string expected = File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd('\n');
        if (expected != text)
            Assert.Fail($"The screen is not {name}.txt. It is:\n{text}\n");
    }

    private static string Folder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NetLab.sln")))
            folder = Path.GetDirectoryName(folder);
        return Directory.CreateDirectory(Path.Combine(folder!, "NetLab.Tests", "Golden", "Screens")).FullName;
    }
}
