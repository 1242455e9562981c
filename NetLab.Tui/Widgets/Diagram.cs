using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A box of three rows with its name in the middle.</summary>
public readonly record struct DiagramNode(string Name, int X, int Y, int Width);

/// <summary>
/// A line from one node to another through points: the first on the border of the source, the last in front of the target, where the
/// arrowhead stands. The label has a place of its own and may have several lines.
/// </summary>
public sealed record DiagramEdge(string From, string To, IReadOnlyList<(int X, int Y)> Points, string Label, int LabelX, int LabelY)
{
    /// <summary>The cell at a fraction of the way, 0 at its beginning and 1 at its head.</summary>
    public (int X, int Y) At(double fraction)
    {
        var length = 0;
        for (var i = 1; i < Points.Count; i++) length += Distance(Points[i - 1], Points[i]);
        var left = (int)Math.Round(Math.Clamp(fraction, 0, 1) * length);
        for (var i = 1; i < Points.Count; i++)
        {
            var part = Distance(Points[i - 1], Points[i]);
            if (left <= part)
            {
                var (x, y) = Points[i - 1];
                return (x + (Math.Sign(Points[i].X - x) * left), y + (Math.Sign(Points[i].Y - y) * left));
            }

            left -= part;
        }

        return Points[^1];
    }

    private static int Distance((int X, int Y) from, (int X, int Y) to) => Math.Abs(from.X - to.X) + Math.Abs(from.Y - to.Y);
}

/// <summary>How a node shows, and what mark stands on its top border (empty: none).</summary>
public readonly record struct DiagramLook(Style Border, Style Name, string Mark = "", Style MarkStyle = default);

/// <summary>Boxes and lines at given places.</summary>
public sealed record Diagram(int Width, int Height, IReadOnlyList<DiagramNode> Nodes, IReadOnlyList<DiagramEdge> Edges)
{
    /// <summary>
    /// Draws it at the canvas's top left. Where lines meet they join; a line for which <paramref name="edgeLook"/> says lit lies over the others.
    /// </summary>
    public void Draw(Canvas canvas, Func<DiagramNode, DiagramLook> nodeLook, Func<DiagramEdge, (bool Lit, Style Line, Style Label)> edgeLook)
    {
        if (canvas.Width <= 0 || canvas.Height <= 0) return;
        var arms = new Dictionary<(int X, int Y), LineArms>();
        foreach (var node in Nodes)
        {
            var look = nodeLook(node);
            canvas.Box(new Rectangle(node.X, node.Y, node.Width, 3), look.Border);
            canvas.WriteField(node.X + 1, node.Y + 1, node.Width - 2, Alignment.Centre, look.Name, node.Name);
            if (!string.IsNullOrEmpty(look.Mark))
            {
                var columns = Math.Min(TextWidth.Of(look.Mark, canvas.Characters), node.Width - 4);
                canvas.WriteField(node.X + 2, node.Y, columns, Alignment.Left, look.MarkStyle, look.Mark);
            }

            AddBorder(arms, node);
        }

        foreach (var edge in Edges) AddLine(arms, edge);
        // Lit lines come last, so that what they share with others is lit.
        foreach (var edge in Edges.OrderBy(edge => edgeLook(edge).Lit)) DrawLine(canvas, arms, edge, edgeLook(edge).Line);
        foreach (var edge in Edges.OrderBy(edge => edgeLook(edge).Lit)) DrawHead(canvas, edge, edgeLook(edge));
    }

    private static void AddBorder(Dictionary<(int X, int Y), LineArms> arms, DiagramNode node)
    {
        for (var x = node.X + 1; x < node.X + node.Width - 1; x++) arms[(x, node.Y)] = arms[(x, node.Y + 2)] = LineArms.Left | LineArms.Right;
        arms[(node.X, node.Y + 1)] = arms[(node.X + node.Width - 1, node.Y + 1)] = LineArms.Up | LineArms.Down;
    }

    private static void AddLine(Dictionary<(int X, int Y), LineArms> arms, DiagramEdge edge)
    {
        var previous = edge.Points[0];
        foreach (var place in Walk(edge))
        {
            if (place == previous) continue;
            var direction = Direction(previous, place);
            arms[previous] = arms.GetValueOrDefault(previous) | direction;
            arms[place] = arms.GetValueOrDefault(place) | Opposite(direction);
            previous = place;
        }
    }

    private static void DrawLine(Canvas canvas, Dictionary<(int X, int Y), LineArms> arms, DiagramEdge edge, Style style)
    {
        Span<char> glyph = stackalloc char[1];
        foreach (var (x, y) in Walk(edge))
        {
            glyph[0] = BoxGlyph.Of(arms.GetValueOrDefault((x, y)));
            canvas.Write(x, y, style, glyph);
        }
    }

    private static void DrawHead(Canvas canvas, DiagramEdge edge, (bool Lit, Style Line, Style Label) look)
    {
        if (edge.Points.Count > 1)
        {
            var (x, y) = edge.Points[^1];
            var head = Direction(edge.Points[^2], edge.Points[^1]) switch
            {
                LineArms.Left => "◀",
                LineArms.Right => "▶",
                LineArms.Up => "▲",
                _ => "▼",
            };
            canvas.Write(x, y, look.Line, head);
        }

        var row = edge.LabelY;
        foreach (var line in edge.Label.AsSpan().EnumerateLines()) canvas.Write(edge.LabelX, row++, look.Label, line);
    }

    private static IEnumerable<(int X, int Y)> Walk(DiagramEdge edge)
    {
        var (x, y) = edge.Points[0];
        yield return (x, y);
        foreach (var point in edge.Points)
        {
            while ((x, y) != point)
            {
                if (x != point.X) x += Math.Sign(point.X - x);
                else y += Math.Sign(point.Y - y);
                yield return (x, y);
            }
        }
    }

    private static LineArms Direction((int X, int Y) from, (int X, int Y) to) =>
        to.X < from.X ? LineArms.Left : to.X > from.X ? LineArms.Right : to.Y < from.Y ? LineArms.Up : LineArms.Down;

    private static LineArms Opposite(LineArms direction) => direction switch
    {
        LineArms.Left => LineArms.Right,
        LineArms.Right => LineArms.Left,
        LineArms.Up => LineArms.Down,
        _ => LineArms.Up,
    };
}
