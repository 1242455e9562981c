using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>The keys that edit a line of text, the same in every prompt and form: as in a shell.</summary>
internal static class TextEditing
{
    /// <summary>Gives a key to a line.</summary>
    /// <returns>False when the key edits nothing.</returns>
    public static bool Take(TextInput input, KeyEvent key)
    {
        switch (key)
        {
            case { Key: Key.Backspace }: input.Backspace(); break;
            case { Key: Key.Delete }: input.Delete(); break;
            case { Key: Key.Left, Modifiers: Modifiers.Control }: input.MoveWordLeft(); break;
            case { Key: Key.Right, Modifiers: Modifiers.Control }: input.MoveWordRight(); break;
            case { Key: Key.Left }: input.MoveLeft(); break;
            case { Key: Key.Right }: input.MoveRight(); break;
            case { Key: Key.Home }: input.MoveHome(); break;
            case { Key: Key.End }: input.MoveEnd(); break;
            case { Key: Key.Character, Modifiers: Modifiers.None }: input.Insert(key.Rune.ToString()); break;
            case var _ when key.Is('a', Modifiers.Control): input.MoveHome(); break;
            case var _ when key.Is('e', Modifiers.Control): input.MoveEnd(); break;
            case var _ when key.Is('u', Modifiers.Control): input.DeleteToStart(); break;
            case var _ when key.Is('k', Modifiers.Control): input.DeleteToEnd(); break;
            case var _ when key.Is('w', Modifiers.Control): input.DeleteWord(); break;
            default: return false;
        }

        return true;
    }
}
