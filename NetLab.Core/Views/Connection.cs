using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>One four-tuple's life: two ends, of which one or both are of this machine.</summary>
public sealed class Connection
{
    internal Connection(FourTuple tuple, int number)
    {
        Number = number;
        First = new ConnectionEnd(tuple);
        Second = new ConnectionEnd(tuple.Reversed);
    }

    /// <summary>Its number among those seen, from 1.</summary>
    public int Number { get; }

    /// <summary>The end that was seen first; as a rule the client.</summary>
    public ConnectionEnd First { get; internal set; }

    /// <summary>The other end.</summary>
    public ConnectionEnd Second { get; internal set; }

    /// <summary>Whether both ends are over.</summary>
    public bool IsOver => First.IsOver && Second.IsOver;

    internal ConnectionInference Inference { get; } = new();

    internal ConnectionEnd End(int index) => index == 0 ? First : Second;

    internal int IndexOf(FourTuple local) => local == First.Tuple ? 0 : 1;
}
