//! A bar chart as inline SVG: a picture for the eyes and a table for everybody else.
//!
//! Only attributes and classes position things, because the content security policy forbids
//! inline styles. All lengths are tenths of a percent, so the chart stretches with its card while
//! its text keeps its size. The picture is hidden from screen readers and the keyboard; the table
//! below it says the same and holds the same links.

use leptos::prelude::*;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Below the bar.
    pub label: String,
    /// Its height.
    pub count: u64,
    /// The list behind it.
    pub href: Option<String>,
}

/// Where a bar stands, in tenths of a percent of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    left: u64,
    width: u64,
    middle: u64,
    top: u64,
    height: u64,
}

/// The line that the bars stand on, and the height of the highest bar.
const BASE: u64 = 850;
const HIGHEST: u64 = 720;

fn place(number: usize, columns: usize, count: u64, max: u64) -> Place {
    let columns = u64::try_from(columns).unwrap_or(1).max(1);
    let number = u64::try_from(number).unwrap_or_default();
    let (slot, start) = (1000 / columns, number * 1000 / columns);
    let height = count * HIGHEST / max.max(1);
    // One certificate among thousands is still to be seen.
    let height = if count == 0 { 0 } else { height.max(10) };
    Place {
        left: start + slot * 3 / 20,
        width: slot * 7 / 10,
        middle: start + slot / 2,
        top: BASE - height,
        height,
    }
}

fn percent(tenths: u64) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// How much room the writing at a bar needs: where it is narrow, only some bars have a label.
fn room(number: usize, columns: usize) -> &'static str {
    match columns.saturating_sub(number + 1) {
        back if back % 4 == 0 => "bars-column",
        back if back % 2 == 0 => "bars-column is-medium",
        _ => "bars-column is-wide",
    }
}

/// A bar chart.
#[component]
pub fn Bars(
    /// What it shows.
    #[prop(into)]
    title: String,
    /// The same in one sentence.
    #[prop(into)]
    summary: String,
    /// Heading of the table's first column, for example "Day".
    #[prop(into)]
    each: String,
    /// Heading of its second, for example "Issued".
    #[prop(into)]
    counted: String,
    /// The bars, from left to right.
    columns: Vec<Column>,
) -> impl IntoView {
    let max = columns.iter().map(|c| c.count).max().unwrap_or_default();
    let of = columns.len();
    // Numbers of three digits do not fit beside each other on a phone.
    let is_dense = max >= 100;
    let drawn = columns
        .iter()
        .enumerate()
        .map(|(number, column)| {
            draw(
                column,
                place(number, of, column.count, max),
                room(number, of),
            )
        })
        .collect_view();
    let rows = columns.into_iter().map(row).collect_view();
    view! {
        <figure class="bars">
            <figcaption>
                <h2>{title.clone()}</h2>
                <p class="bars-summary">{summary}</p>
            </figcaption>
            <svg class="bars-picture" class:is-dense=is_dense aria-hidden="true" focusable="false">
                {drawn}
                <line class="bars-base" x1="0" x2="100%" y1=percent(BASE) y2=percent(BASE)></line>
            </svg>
            <details class="bars-table fold">
                <summary>"Show as a table"</summary>
                <table>
                    <caption class="visually-hidden">{title}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{each}</th>
                            <th scope="col">{counted}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
}

fn draw(column: &Column, at: Place, class: &'static str) -> AnyView {
    let count = (column.count > 0).then(|| column.count.to_string());
    let hint = format!("{}: {}", column.label, column.count);
    let (left, width, middle) = (percent(at.left), percent(at.width), percent(at.middle));
    let bar = view! {
        <g class=class>
            <title>{hint}</title>
            <rect class="bars-room" x=left.clone() width=width.clone() y="0" height=percent(BASE)></rect>
            <rect
                class="bars-bar"
                rx="3"
                x=left
                width=width
                y=percent(at.top)
                height=percent(at.height)
            ></rect>
            <text class="bars-count" x=middle.clone() y=percent(at.top.saturating_sub(25))>
                {count}
            </text>
            <text class="bars-label" x=middle y="97%">
                {column.label.clone()}
            </text>
        </g>
    };
    match column.href.clone().filter(|_| column.count > 0) {
        Some(href) => view! {
            <g>
                <a href=href tabindex="-1">
                    {bar}
                </a>
            </g>
        }
        .into_any(),
        None => bar.into_any(),
    }
}

fn row(column: Column) -> impl IntoView {
    let count = match column.href.filter(|_| column.count > 0) {
        Some(href) => view! { <a href=href>{column.count}</a> }.into_any(),
        None => column.count.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{column.label}</th>
            <td>{count}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_room_and_none_is_lost() {
        assert_eq!(place(0, 2, 9_000, 9_000).height, HIGHEST);
        assert_eq!(place(1, 2, 1, 9_000).height, 10);
        assert_eq!(place(1, 2, 0, 9_000).height, 0);
        assert_eq!(place(0, 0, 0, 0).top, BASE);
    }

    #[test]
    fn bars_stay_inside_the_picture_and_beside_each_other() {
        for columns in 1..=52 {
            let places: Vec<_> = (0..columns).map(|n| place(n, columns, 1, 1)).collect();
            assert!(
                places
                    .windows(2)
                    .all(|p| p[0].left + p[0].width <= p[1].left)
            );
            assert!(places.iter().all(|p| p.left + p.width <= 1000));
        }
    }

    #[test]
    fn the_last_label_is_always_shown() {
        assert_eq!(room(13, 14), "bars-column");
        assert_eq!(room(12, 14), "bars-column is-wide");
        assert_eq!(room(11, 14), "bars-column is-medium");
        assert_eq!(percent(1000), "100.0%");
    }
}
