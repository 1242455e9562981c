using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The keys that move through rows, the same everywhere: arrows, j and k, pages, ends.</summary>
internal static class Movement
{
    /// <summary>By how many rows a key moves; null when it does not.</summary>
    public static int? Of(KeyEvent key, int page, int count) => key switch
    {
        { Key: Key.Up } => -1,
        { Key: Key.Down } => 1,
        { Key: Key.PageUp } => -page,
        { Key: Key.PageDown } => page,
        { Key: Key.Home } => -count,
        { Key: Key.End } => count,
        _ when key.Is('k') => -1,
        _ when key.Is('j') => 1,
        _ when key.Is('g') => -count,
        _ when key.Is('G') => count,
        _ => null,
    };

    /// <summary>Takes a key that moves through a tree, or opens or closes a node.</summary>
    /// <returns>False where the key does none of these.</returns>
    public static bool Take(TreeState tree, KeyEvent key)
    {
        if (key.Key == Key.Right || key.Is('l'))
            tree.Expand();
        else if (key.Key == Key.Left || key.Is('h'))
            tree.Collapse();
        else if (Of(key, tree.Height, tree.Rows.Count) is { } rows)
            tree.Move(rows);
        else
            return false;
        return true;
    }
}
