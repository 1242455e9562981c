using NetLab.Tui.Terminal;

namespace NetLab.Tui.App;

/// <summary>The foot of the screen, through which a pane speaks with the user: it asks for a text there, and says what came of a key.</summary>
public sealed class Foot
{
    /// <summary>The open question; null for none.</summary>
    public Prompt? Prompt { get; private set; }

    /// <summary>What was said last, until the next key; null for nothing.</summary>
    public string? Message { get; private set; }

    /// <summary>Whether what was said tells of a failure.</summary>
    public bool IsFault { get; private set; }

    /// <summary>Where a copied text goes; false when the terminal cannot take it. Set by whoever has the terminal.</summary>
    public Func<string, bool>? Clipboard { get; set; }

    /// <summary>Asks for a text; every key is the prompt's until it is over.</summary>
    public void Ask(Prompt prompt) => (Prompt, Message) = (prompt, null);

    /// <summary>Asks for a file to save into. A name that is taken or that leads nowhere is told while it is typed; nothing is overwritten.</summary>
    /// <param name="label">What is saved: "save timeline".</param>
    /// <param name="suggestion">The name that stands there at first.</param>
    /// <param name="endings">The endings that name a format (".svg"); empty for any.</param>
    /// <param name="write">Writes it.</param>
    public void AskFile(string label, string suggestion, IReadOnlyList<string> endings, Action<Stream, string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Ask(new Prompt(label, suggestion, path => SaveFile.Check(path, endings), path =>
        {
            if (SaveFile.Write(path, write) is { } fault)
                Fail(fault);
            else
                Say($"✓ saved {path}");
        }));
    }

    /// <summary>Says what was done.</summary>
    public void Say(string message) => (Message, IsFault) = (message, false);

    /// <summary>Says what failed, and what would mend it.</summary>
    public void Fail(string message) => (Message, IsFault) = (message, true);

    /// <summary>Copies a text through the terminal and says so.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is: "the packet".</param>
    public void Copy(string text, string what)
    {
        if (Clipboard?.Invoke(text) ?? false)
            Say($"✓ copied {what}");
        else
            Fail($"{what} is too long for the terminal's clipboard; save it with w.");
    }

    /// <summary>A key begins something new: what was said goes.</summary>
    public void Forget() => Message = null;

    /// <summary>Gives a key to the open prompt.</summary>
    /// <returns>False when none is open.</returns>
    public bool Take(KeyEvent key)
    {
        if (Prompt is not { } prompt)
            return false;
        prompt.Take(key);
        // Taking the text may have asked for another.
        if (prompt.IsOver && ReferenceEquals(Prompt, prompt))
            Prompt = null;
        return true;
    }
}
