using NetLab.Tui.Terminal;

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
}
