using NetLab.Core;
using NetLab.Core.IoModels;

namespace NetLab.Tui.Panes;

/// <summary>The row of arrivals above the lanes: a mark where each message came, and below it when that was.</summary>
public static class LaneArrivals
{
    /// <summary>Draws the marks and the times below them.</summary>
    /// <param name="times">When each message came, as one of the lanes has it.</param>
    /// <param name="script">When each should come.</param>
    /// <param name="axis">Where moments stand.</param>
    public static (string Marks, string Labels) Draw(IReadOnlyList<MessageTimes> times, ArrivalScript script, LaneAxis axis)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(axis);
        char[] marks = new char[axis.Columns], labels = new char[axis.Columns];
        Array.Fill(marks, ' ');
        Array.Fill(labels, ' ');
        int free = 0;
        string last = "";
        for (int message = 0; message < times.Count; message++)
        {
            if (times[message].Arrived < 0)
                continue;
            int column = axis.ColumnOf(times[message].Arrived);
            if (column < 0 || column >= marks.Length)
                continue;
            marks[column] = '▼';
            string label = Label(script.Arrivals[message].At);
            if (label == last || column < free || column + label.Length > labels.Length)
                continue;
            last = label;
            label.CopyTo(0, labels, column, label.Length);
            free = column + label.Length + 1;
        }

        return (new string(marks), new string(labels));
    }

    private static string Label(Duration at) => at == Duration.Zero ? "0" : at.ToString();
}
