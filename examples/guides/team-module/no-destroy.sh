terraform plan -var-file=production.tfvars -out=plan
terraform show -json plan | jq -e 'all(.resource_changes[]?; .change.actions | index("delete") | not)'
terraform apply plan
