using System.Reflection;

namespace NetLab.Core.Scripts;

/// <summary>The experiments that NetLab brings along, and scripts from files.</summary>
public static class ScriptLibrary
{
    private const string Prefix = "library/";
    private const string Extension = ".lab";

    private static readonly Assembly s_assembly = typeof(ScriptLibrary).Assembly;

    /// <summary>The names of the built-in scripts, without .lab, in the order of a course: that of Library/contents.txt.</summary>
    public static IReadOnlyList<string> Names { get; } = ReadResource("contents.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The text of a built-in script.</summary>
    /// <exception cref="ScriptException">There is no script of that name.</exception>
    public static string Text(string name)
    {
        if (!Names.Contains(name))
            throw new ScriptException($"There is no built-in script '{Token.Printable(name)}'; there are {Grammar.Or(Names)}.");
        return ReadResource(name + Extension);
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

    private static string ReadResource(string file)
    {
        using var stream = s_assembly.GetManifestResourceStream(Prefix + file) ?? throw new InvalidOperationException($"{file} is not built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Script Finish(ScriptParse parse) => parse.Script ?? throw new ScriptException(parse.Errors);
}
