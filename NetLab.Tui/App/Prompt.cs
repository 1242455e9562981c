using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>Why a text cannot be taken.</summary>
/// <param name="Message">What is wrong, in a few words.</param>
/// <param name="Column">Where in the text, from 1; 0 where it is no place of the text.</param>
public readonly record struct PromptFault(string Message, int Column = 0);

/// <summary>
/// One line at the foot of the screen that asks for a text: a filter, the name of a file. Whether the text would do shows while it is typed; Enter takes it
/// if it would, Esc leaves everything as it was.
/// </summary>
public sealed class Prompt
{
    private readonly Func<string, PromptFault?> _check;
    private readonly Action<string> _apply;
    private readonly TextInput _input = new();

    /// <summary>A question.</summary>
    /// <param name="label">What is asked for: "filter", "save as".</param>
    /// <param name="text">What stands there at first.</param>
    /// <param name="check">Tells what is wrong with a text; null for nothing.</param>
    /// <param name="apply">Takes the text.</param>
    public Prompt(string label, string text, Func<string, PromptFault?> check, Action<string> apply)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(apply);
        (Label, _check, _apply) = (label, check, apply);
        _input.Set(text);
        Fault = check(text);
    }

    /// <summary>What is asked for.</summary>
    public string Label { get; }

    /// <summary>What has been typed.</summary>
    public string Text => _input.Text;

    /// <summary>What is wrong with it; null for nothing.</summary>
    public PromptFault? Fault { get; private set; }

    /// <summary>Whether it has been answered or given up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes a key; every key is the prompt's while it is open.</summary>
    public void Take(KeyEvent key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Key == Key.Escape)
        {
            IsOver = true;
            return;
        }

        if (key.Key == Key.Enter)
        {
            if (Fault is not null)
                return;
            IsOver = true;
            _apply(Text);
            return;
        }

        TextEditing.Take(_input, key);
        Fault = _check(Text);
    }

    /// <summary>Takes a pasted text: its first line.</summary>
    public void Paste(string text)
    {
        _input.Insert(text);
        Fault = _check(Text);
    }

    /// <summary>Draws it.</summary>
    /// <returns>The cursor's column.</returns>
    public int Draw(Canvas canvas)
    {
        int start = canvas.Write(1, 0, Theme.Key, Label);
        start = canvas.Write(start + 1, 0, Theme.Faint, "›") + 1;
        string verdict = Fault is not { } fault ? "✓" : fault.Column > 0 ? $"✗ column {fault.Column}: {fault.Message}" : $"✗ {fault.Message}";
        // What was typed matters more than why it will not do.
        int room = Math.Max(1, canvas.Width - start - 2);
        int columns = Math.Min(TextWidth.Of(verdict, canvas.Characters), Math.Max(1, room - Math.Min(room / 3, TextWidth.Of(Text, canvas.Characters) + 2)));
        canvas.WriteField(canvas.Width - 1 - columns, 0, columns, Alignment.Left, Fault is null ? Theme.Done : Theme.Failed, verdict);
        var field = canvas.Slice(new Rectangle(start, 0, Math.Max(1, room - columns), 1));
        return start + _input.Draw(field, Theme.Text, Theme.Faint);
    }
}
