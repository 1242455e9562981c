using NetLab.Core.Peers;
using NetLab.Core.Scripts;

namespace NetLab.Tui.App;

/// <summary>What can be told at the <c>:</c> prompt.</summary>
internal enum LabCommand
{
    /// <summary>Start the server or client of a command line.</summary>
    Start,

    /// <summary>Open the form for one.</summary>
    New,

    /// <summary>Stop the chosen one.</summary>
    Stop,

    /// <summary>Stop all of them.</summary>
    StopAll,

    /// <summary>Start the chosen one again.</summary>
    Restart,

    /// <summary>Clear away those that do not run.</summary>
    Clear,

    /// <summary>Show the servers and clients.</summary>
    Running,

    /// <summary>Show the experiments.</summary>
    Experiments,

    /// <summary>Run an experiment.</summary>
    Run,

    /// <summary>Show the keys.</summary>
    Help,

    /// <summary>Quit.</summary>
    Quit,
}

/// <summary>Reads the <c>:</c> prompt, and says while it is typed what could come.</summary>
internal static class LabCommands
{
    private static readonly (string Words, LabCommand Command)[] s_words =
    [
        ("new", LabCommand.New), ("stop", LabCommand.Stop), ("stop all", LabCommand.StopAll), ("restart", LabCommand.Restart), ("clear", LabCommand.Clear),
        ("running", LabCommand.Running), ("experiments", LabCommand.Experiments), ("help", LabCommand.Help), ("quit", LabCommand.Quit),
    ];

    // What begins a command line of more words.
    private static readonly string[] s_starts = ["serve ", "connect ", "load ", "framed ", "run "];

    /// <summary>The command that a text names; null where it names none.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="specification">What is to be started, for <see cref="LabCommand.Start"/>.</param>
    public static LabCommand? Read(string text, out PeerSpecification? specification)
    {
        specification = null;
        string words = text.Trim();
        foreach (var (name, command) in s_words)
        {
            if (words == name)
                return command;
        }

        if (words.StartsWith("run ", StringComparison.Ordinal))
            return ScriptLibrary.Names.Contains(NameIn(words)) ? LabCommand.Run : null;
        if (!PeerCommandLine.TryParse(words, out var peer, out _) || peer.Mistake() is not null)
            return null;
        specification = peer;
        return LabCommand.Start;
    }

    /// <summary>What is wrong with a text, or what it could go on with; null where it is a command.</summary>
    public static PromptFault? Check(string text)
    {
        if (Read(text, out _) is not null)
            return null;
        string begun = text.TrimStart();
        if (begun.StartsWith("run ", StringComparison.Ordinal))
            return new(Offer(ScriptLibrary.Names.Where(name => name.StartsWith(NameIn(begun), StringComparison.Ordinal)), "no experiment begins like this"));
        if (begun.StartsWith("serve ", StringComparison.Ordinal) && begun.IndexOf(' ', 6) < 0)
        {
            string[] kinds = [.. PeerKinds.All.Where(facts => facts.Role == PeerRole.Server && facts.Name.StartsWith(begun[6..], StringComparison.Ordinal)).Select(facts => facts.Name)];
            return new(Offer(kinds, "no server is called so"));
        }

        if (s_starts.Any(start => begun.StartsWith(start, StringComparison.Ordinal)) || begun.StartsWith("netlab ", StringComparison.Ordinal))
            return new(PeerCommandLine.TryParse(begun, out var peer, out string mistake) ? peer.Mistake() ?? "" : mistake);
        return new(Offer(s_starts.Select(start => start.TrimEnd()).Concat(s_words.Select(word => word.Words)).Where(word => word.StartsWith(begun, StringComparison.Ordinal)), "no command begins like this"));
    }

    /// <summary>The experiment's name in "run NAME".</summary>
    public static string NameIn(string text) => text.Trim() is var words && words.Length > 4 ? words[4..].Trim() : "";

    private static string Offer(IEnumerable<string> words, string none) => string.Join(" · ", words) is { Length: > 0 } offer ? offer : none;
}
