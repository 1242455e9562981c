using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>Draws what a node says, on a canvas that begins after its sign.</summary>
public delegate void TreeLabel(int node, Canvas canvas);

/// <summary>A tree whose branches open and close: ▸ before what is closed, ▾ before what is open. Labels are asked for only while they show.</summary>
public static class Tree
{
    /// <summary>Columns by which a level is indented, and which the sign takes.</summary>
    public const int Indent = 2;

    /// <summary>Draws the visible rows; the chosen one is laid over with <paramref name="selection"/>.</summary>
    public static void Draw(Canvas canvas, TreeState state, TreeLabel label, Style sign, Style selection)
    {
        state.Fit(canvas.Height);
        for (int y = 0; y < canvas.Height && state.Top + y < state.Rows.Count; y++)
        {
            int node = state.Rows[state.Top + y], x = Indent * state.Depth(node);
            if (state.HasChildren(node)) canvas.Write(x, y, sign, state.IsOpen(node) ? "▾" : "▸");
            label(node, canvas.Slice(new Rectangle(x + Indent, y, Math.Max(0, canvas.Width - x - Indent), 1)));
            if (node == state.Chosen) canvas.Overlay(new Rectangle(0, y, canvas.Width, 1), selection);
        }
    }

    /// <summary>Takes a click: chooses the row; on the sign, or on the row that is chosen already, it opens or closes it too.</summary>
    /// <returns>False when there is no row.</returns>
    public static bool Click(TreeState state, int x, int y)
    {
        int row = state.Top + y;
        if (row < 0 || row >= state.Rows.Count) return false;
        int node = state.Rows[row], sign = Indent * state.Depth(node);
        bool toggles = node == state.Chosen || (x >= sign && x < sign + Indent);
        state.ChooseRow(row);
        if (toggles) state.Toggle();
        return true;
    }
}
