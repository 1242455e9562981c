using System.Reflection;

namespace NetLab.Core.Scripts;

/// <summary>The experiments that NetLab brings along, and scripts from files.</summary>
public static class ScriptLibrary
{
    private const string Prefix = "library/";
    private const string Extension = ".lab";

    private static readonly Assembly s_assembly = typeof(ScriptLibrary).Assembly;

    /// <summary>The names of the built-in scripts, without .lab; hello stands first, the others in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. s_assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^Extension.Length])
            .OrderBy(n => n == "hello" ? 0 : 1).ThenBy(n => n, StringComparer.Ordinal),
    ];

    /// <summary>The text of a built-in script.</summary>
    /// <exception cref="ScriptException">There is no script of that name.</exception>
    public static string Text(string name)
    {
        using var stream = s_assembly.GetManifestResourceStream(Prefix + name + Extension)
            ?? throw new ScriptException($"There is no built-in script '{Token.Printable(name)}'; there are {Grammar.Or(Names)}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads a built-in script, whatever lies in the current folder.</summary>
    /// <exception cref="ScriptException">There is no script of that name.</exception>
    public static Script LoadBuiltIn(string name) => Finish(ScriptParser.Parse(Text(name), name + Extension));

    /// <summary>Finds and reads a script: "hello" and "hello.lab" are built in unless such a file lies here; what has a slash is a file.</summary>
    /// <exception cref="ScriptException">It is not there, cannot be read, or has mistakes.</exception>
    public static Script Load(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        string name = nameOrPath.EndsWith(Extension, StringComparison.Ordinal) ? nameOrPath[..^Extension.Length] : nameOrPath;
        bool isPath = nameOrPath.Contains('/') || name != nameOrPath && File.Exists(nameOrPath);
        if (!isPath && Names.Contains(name))
            return LoadBuiltIn(name);
        if (!File.Exists(nameOrPath))
            throw new ScriptException($"There is no script '{Token.Printable(nameOrPath)}': neither a file nor built in ({Grammar.Or(Names)}).");
        try
        {
            using var stream = File.OpenRead(nameOrPath);
            // One byte more than allowed is enough to see that it is too long; a pipe or a device has no length to ask for.
            using var bytes = new MemoryStream();
            var buffer = new byte[65536];
            int count;
            while (bytes.Length <= ScriptParser.MaxBytes && (count = stream.Read(buffer)) > 0)
                bytes.Write(buffer, 0, count);
            return Finish(ScriptParser.Parse(bytes.ToArray(), nameOrPath));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException($"The script '{Token.Printable(nameOrPath)}' cannot be read: {Token.Printable(error.Message)}");
        }
    }

    private static Script Finish(ScriptParse parse) => parse.Script ?? throw new ScriptException(parse.Errors);
}
