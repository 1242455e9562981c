namespace NetLab.Tui.Widgets;

/// <summary>A node of a tree, which is given as a list: a node's children follow it, one level deeper.</summary>
/// <param name="Key">What it is: by this the state knows it again in another tree.</param>
/// <param name="Depth">How deep it stands, from 0.</param>
/// <param name="Opens">Whether it is open as long as nobody has said otherwise.</param>
public readonly record struct TreeNode(object Key, int Depth, TreeOpening Opens = TreeOpening.Closed);

/// <summary>How a node with children begins.</summary>
public enum TreeOpening : byte
{
    /// <summary>Its children do not show.</summary>
    Closed,

    /// <summary>Its children show.</summary>
    Open,
}

/// <summary>
/// Which nodes of a tree are open and which is chosen. What was opened, closed or chosen is remembered by the nodes' keys, so that it stays
/// the same when a tree of the same kind is shown next.
/// </summary>
public sealed class TreeState
{
    private readonly Dictionary<object, bool> _said = [];
    private readonly List<TreeNode> _nodes = [];
    private readonly List<int> _rows = [];
    private object? _chosenKey;
    private int _chosenOccurrence;
    private int _height = 1;

    /// <summary>The first visible row.</summary>
    public int Top { get; private set; }

    /// <summary>The chosen node's index among all; -1 when the tree is empty.</summary>
    public int Chosen { get; private set; } = -1;

    /// <summary>Rows of the window that it was fitted to last.</summary>
    public int Height => _height;

    /// <summary>The nodes that show, as indices among all.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>What a node is.</summary>
    public object Key(int node) => _nodes[node].Key;

    /// <summary>How deep a node stands.</summary>
    public int Depth(int node) => _nodes[node].Depth;

    /// <summary>Whether a node has children.</summary>
    public bool HasChildren(int node) => node + 1 < _nodes.Count && _nodes[node + 1].Depth > _nodes[node].Depth;

    /// <summary>Whether a node's children show.</summary>
    public bool IsOpen(int node) => _said.TryGetValue(_nodes[node].Key, out bool open) ? open : _nodes[node].Opens == TreeOpening.Open;

    /// <summary>Shows another tree: what was open and chosen in the last one is so in this one, as far as it has the same keys.</summary>
    public void Show(ReadOnlySpan<TreeNode> nodes)
    {
        _nodes.Clear();
        _nodes.AddRange(nodes);
        Chosen = Find();
        Rebuild();
        // What is chosen may have landed in a closed branch.
        Chosen = Visible(Chosen);
    }

    /// <summary>Chooses a node and opens what it stands in.</summary>
    public void Reveal(int node)
    {
        if ((uint)node >= (uint)_nodes.Count) return;
        for (int parent = Parent(node); parent >= 0; parent = Parent(parent)) _said[_nodes[parent].Key] = true;
        Rebuild();
        Choose(node);
    }

    /// <summary>Moves the choice by so many rows.</summary>
    public void Move(int rows)
    {
        if (_rows.Count == 0) return;
        Choose(_rows[Math.Clamp(_rows.IndexOf(Chosen) + rows, 0, _rows.Count - 1)]);
    }

    /// <summary>Chooses the node of a row; a row that is not there changes nothing.</summary>
    public void ChooseRow(int row)
    {
        if ((uint)row < (uint)_rows.Count) Choose(_rows[row]);
    }

    /// <summary>Opens the chosen node if it is closed and closes it if it is open.</summary>
    /// <returns>False when it has no children.</returns>
    public bool Toggle()
    {
        if (Chosen < 0 || !HasChildren(Chosen)) return false;
        Set(!IsOpen(Chosen));
        return true;
    }

    /// <summary>Opens the chosen node; goes to its first child when it is open already.</summary>
    public void Expand()
    {
        if (Chosen < 0 || !HasChildren(Chosen)) return;
        if (IsOpen(Chosen)) Move(1);
        else Set(true);
    }

    /// <summary>Closes the chosen node; goes to its parent when there is nothing to close.</summary>
    public void Collapse()
    {
        if (Chosen < 0) return;
        if (HasChildren(Chosen) && IsOpen(Chosen)) Set(false);
        else if (Parent(Chosen) is >= 0 and var parent) Choose(parent);
    }

    /// <summary>Scrolls by so many rows without choosing another node.</summary>
    public void Scroll(int rows) => Top = Math.Clamp(Top + rows, 0, Math.Max(0, _rows.Count - _height));

    /// <summary>Fits the state to a window of so many rows.</summary>
    public void Fit(int height)
    {
        _height = Math.Max(1, height);
        Scroll(0);
    }

    private void Choose(int node)
    {
        Chosen = node;
        _chosenKey = _nodes[node].Key;
        _chosenOccurrence = 0;
        for (int index = 0; index < node; index++) _chosenOccurrence += Equals(_nodes[index].Key, _chosenKey) ? 1 : 0;
        Follow();
    }

    private void Set(bool open)
    {
        _said[_nodes[Chosen].Key] = open;
        Rebuild();
        Follow();
    }

    // The chosen row stays in the window.
    private void Follow()
    {
        int row = _rows.IndexOf(Chosen);
        if (row >= 0) Top = row < Top ? row : row >= Top + _height ? row - _height + 1 : Top;
        Scroll(0);
    }

    private void Rebuild()
    {
        _rows.Clear();
        int closed = int.MaxValue;
        for (int node = 0; node < _nodes.Count; node++)
        {
            int depth = _nodes[node].Depth;
            if (depth > closed) continue;
            closed = HasChildren(node) && !IsOpen(node) ? depth : int.MaxValue;
            _rows.Add(node);
        }
    }

    private int Parent(int node)
    {
        int depth = _nodes[node].Depth;
        while (--node >= 0 && _nodes[node].Depth >= depth)
        {
        }

        return node;
    }

    // The same occurrence of the same key, else its last one, else the first node.
    private int Find()
    {
        int found = _nodes.Count == 0 ? -1 : 0;
        for (int node = 0, occurrence = 0; _chosenKey is not null && node < _nodes.Count; node++)
        {
            if (!Equals(_nodes[node].Key, _chosenKey)) continue;
            found = node;
            if (occurrence++ == _chosenOccurrence) break;
        }

        return found;
    }

    private int Visible(int node)
    {
        while (node >= 0 && !_rows.Contains(node)) node = Parent(node);
        return node;
    }
}
