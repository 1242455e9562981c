using System.Text;
using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>The reference page of the script language, made from the tables by which scripts are read and explained.</summary>
internal static class ReferencePage
{
    public static string Render()
    {
        var page = new StringBuilder("# The verbs of the script language\n");
        foreach (var verb in VerbTable.All)
            Write(page, verb);
        page.Append("\n# What a run is expected to come to\n");
        foreach (var (grammar, does, example) in ExpectationParser.Forms)
            page.Append($"\n    {grammar}\n\n{does} Example: `{example}`\n");
        page.Append($"\n# Variables\n\n    {Variables.Form}\n\nA name stands for its value in every later line: `$NAME` in a word or a text, `${{NAME}}` where a letter follows. ")
            .Append("A text in quotation marks may be a value, too; `\\$` is a dollar sign. Example:\n\n")
            .Append("    let host = 127.0.0.1\n    let port = 8000\n    let answer = \"hello word\"\n\n    bind $host:$port\n    send $answer\n    send \"Host: $host:$port\\r\\n\"\n");
        page.Append("\n# Servers beside the actors\n");
        foreach (var (grammar, does) in ScriptServer.Forms)
            page.Append($"\n    {grammar}\n\n{does}\n");
        page.Append("\nExample:\n\n    serve http 127.0.0.1:8000\n      file hello.txt \"hello word\\n\"\n      file long.txt \"0123456789\" times 1000\n");
        page.Append("\n# What a script needs\n\n    needs CAPABILITY\n\nWhere the user has not got it, `netlab run` says so and `netlab check` skips the script.\n\n");
        foreach (var need in Requirement.All)
            page.Append($"- `{need.Name}`: {need.Does}\n");
        page.Append("\n# What the capitals stand for\n\n");
        foreach (string word in (string[])["NAME", "SOCKET", "ADDRESS", "BYTES", "BACKLOG", "COUNT", "VALUE", "DURATION", "TEXT", "OUTCOME", "STATE"])
            page.Append($"- {word}: {Grammar.Describe(word)}\n");
        page.Append("\n# Options\n\n");
        foreach (var option in SocketOption.All)
            page.Append($"- `{option.Name}` ({option.Constant}): {option.Does}\n");
        return page.ToString();
    }

    private static void Write(StringBuilder page, Verb verb)
    {
        page.Append($"\n## {verb.Name}\n\n    {verb.Grammar}\n\n{verb.Does}");
        page.Append(verb.LibraryFunction is { } function ? $" Function of the C library: {function}(3).\n"
            : verb.SystemCall.Length > 0 ? $" System call: {verb.SystemCall}(2).\n" : " No system call.\n");
        page.Append($"\n{verb.Explains.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)}\n");
        if (verb.Words.Count > 0)
            page.Append('\n');
        foreach (var (word, meaning) in verb.Words)
            page.Append($"- `{word}`: {meaning}\n");
        if (verb.Errors.Count > 0)
            page.Append($"\nErrors to meet: {string.Join("; ", verb.Errors.Select(error => $"{error.Name()} ({error.Words()})"))}.\n");
        page.Append($"\nExample: `{verb.Example}`\n");
    }
}
