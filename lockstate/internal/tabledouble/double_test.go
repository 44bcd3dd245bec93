package tabledouble

import "testing"

func TestStrictness(t *testing.T) {
	d := &Double{tables: map[string]*table{"t": {key: "k", items: map[string]item{"a": {"k": {"S": "a"}, "n": {"N": "41"}}}}}}
	update := func(set, condition string, values map[string]value) error {
		_, err := d.do("UpdateItem", request{TableName: "t", Key: item{"k": {"S": "a"}}, UpdateExpression: set, ConditionExpression: condition,
			ExpressionAttributeNames: map[string]string{"#n": "n"}, ExpressionAttributeValues: values})
		return err
	}
	one := map[string]value{":one": {"N": "1"}}
	if err := update("SET #n = #n + :one", "#n = :one", one); err == nil {
		t.Error("a condition that does not hold was passed over")
	}
	if err := update("SET #n = #n + :one", "attribute_not_exists(#n)", one); err == nil {
		t.Error("an attribute that exists was taken for none")
	}
	if err := update("SET #n = #n + :one", "", one); err != nil {
		t.Error(err)
	}
	if got := d.tables["t"].items["a"]["n"]["N"]; got != "42" {
		t.Errorf("41 and 1 are %v", got)
	}
	for name, err := range map[string]error{
		"a placeholder that is not used": update("SET #n = :one", "", map[string]value{":one": {"N": "1"}, ":two": {"N": "2"}}),
		"a plain name":                   update("SET n = :one", "", one),
		"a value that is not given":      update("SET #n = :two", "", nil),
		"another function":               update("SET #n = :one", "begins_with(#n, :one)", one),
		"another section":                update("DELETE #n :one", "", one),
	} {
		if f, ok := err.(*failure); !ok || f.code != "ValidationException" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
